//! The known word nearest to a mistyped one. Core: no I/O.

/// How alike two words must be, 0 to 1 (Jaro-Winkler), to be worth a question.
const WORTH_ASKING: f64 = 0.75;

/// The word of `known` that is most like `word`; `None` when none is at all.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= WORTH_ASKING)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_nearest_or_nothing() {
        let known = ["timeout", "server", "color", "fail_on"];
        assert_eq!(nearest("time_out", known), Some("timeout"));
        assert_eq!(nearest("colour", known), Some("color"));
        assert_eq!(nearest("zzz", known), None);
    }
}
