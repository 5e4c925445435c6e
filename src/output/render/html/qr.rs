//! QR codes as inline SVG.

use std::fmt::Write as _;

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// The empty border that readers need, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// A link as a QR code; `None`: it is too long for one.
pub(super) fn qr_code(link: &str, label: &str) -> Option<Markup> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    let modules = code.width();
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (index % modules + QUIET_ZONE, index / modules + QUIET_ZONE);
            write!(path, "M{x} {y}h1v1h-1z").expect("a String takes every write");
        }
    }
    let size = modules + 2 * QUIET_ZONE;
    Some(html! {
        svg.qr viewBox=(format!("0 0 {size} {size}")) role="img" aria-label=(label) {
            // Black on white whatever the page's colours are: not all readers know the inverse.
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" shape-rendering="crispEdges" {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_a_code_and_a_book_is_none() {
        let code = qr_code("https://example.org/help", "help").unwrap().into_string();
        assert!(code.starts_with("<svg class=\"qr\" viewBox=\"0 0 33 33\""), "{code}");
        assert!(qr_code(&"x".repeat(5_000), "help").is_none());
    }
}
