//! The texts of one language, read from its Fluent files.

use std::collections::HashMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use fluent_syntax::ast::{Entry, InlineExpression, Pattern, PatternElement};

use super::Language;

static CATALOGUES: [OnceLock<Catalogue>; Language::ALL.len()] =
    [const { OnceLock::new() }; Language::ALL.len()];

/// The texts of `language`, read when they are first asked for.
pub(super) fn of(language: Language) -> &'static Catalogue {
    let read = || Catalogue::read(language, &language.files());
    CATALOGUES[language as usize].get_or_init(read)
}

/// The texts of one language by their keys: `id`, or `id.attribute`.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Those without variables, ready to be shown.
    plain: HashMap<String, String>,
}

impl Catalogue {
    /// Reads `sources`; what is no Fluent in them is left out, which a test looks for.
    pub(super) fn read(language: Language, sources: &[&str]) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![
            language.tag().parse().expect("the tags of languages are valid"),
        ]);
        // What a phone says is escaped, marks of direction included; these would be new ones.
        bundle.set_use_isolating(false);
        let mut plain = HashMap::new();
        for source in sources {
            let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*source).to_owned());
            for entry in resource.entries() {
                let Entry::Message(message) = entry else { continue };
                let mut add = |key: String, pattern: &Pattern<&str>| {
                    if let Some(text) = without_variables(pattern) {
                        plain.insert(key, text);
                    }
                };
                if let Some(value) = &message.value {
                    add(message.id.name.to_owned(), value);
                }
                for attribute in &message.attributes {
                    add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                }
            }
            // A key that is there already stays as it is.
            let _ = bundle.add_resource(resource);
        }
        Self { bundle, plain }
    }

    pub(super) fn plain(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str)
    }

    /// Whether there is a text of this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.pattern(key).is_some()
    }

    fn pattern(&self, key: &str) -> Option<&Pattern<&str>> {
        match key.split_once('.') {
            Some((id, attribute)) => {
                Some(self.bundle.get_message(id)?.get_attribute(attribute)?.value())
            }
            None => self.bundle.get_message(key)?.value(),
        }
    }

    /// A text with its variables filled in; `None` also where one of them isn't given.
    pub(super) fn filled(&self, key: &str, values: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.pattern(key)?;
        let mut errors: Vec<FluentError> = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(values), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

/// The text of a pattern that needs nothing filled in.
fn without_variables(pattern: &Pattern<&str>) -> Option<String> {
    use fluent_syntax::ast::Expression::Inline;
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value }
            | PatternElement::Placeable {
                expression: Inline(InlineExpression::StringLiteral { value }),
            } => text.push_str(value),
            PatternElement::Placeable { .. } => return None,
        }
    }
    Some(text)
}
