//! Pages to read in a browser and to print: one file each, without script and without anything from
//! elsewhere. Every text goes through the template engine, which escapes it.

mod chart;
mod facts;
mod page_height;
mod qr;
mod report_page;
mod sheet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::each_once;
use super::layout::fit;
use crate::report::{DeviceReport, LinkKind, Report, file_stem};
use crate::text::Text;
use micheck_core::advisory::{Advisory, AdvisorySet};
use micheck_core::escape::escape;
use micheck_core::verdict::Verdict;

pub use report_page::bench;
pub use sheet::sheets;

/// Whose pages they are, as the settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shop {
    /// The shop's name.
    pub name: Option<String>,
    /// How it is reached.
    pub contact: Option<String>,
    /// Its logo.
    pub logo: Option<Logo>,
    /// A link that is shown as a QR code, too: `https://…`, ASCII.
    pub link: Option<String>,
    /// How long results are kept, in its own words.
    pub retention: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// `data:image/…;base64,…`.
    pub data_uri: String,
}

/// What a sheet is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Paper {
    /// 210 × 297 mm
    A4,
    /// 148 × 210 mm
    #[default]
    A5,
    /// A roll of 80 mm
    #[value(name = "80mm", alias = "80")]
    Mm80,
    /// A roll of 58 mm
    #[value(name = "58mm", alias = "58")]
    Mm58,
}

/// What all pages are made of.
#[derive(Clone, Copy)]
struct Context<'a> {
    report: &'a Report,
    /// The ends of the phones' serial numbers, in their order, where they stand beside a code.
    ends: &'a [Option<String>],
    /// Where sources and names of apps are looked up.
    set: &'a AdvisorySet,
    text: Text,
    shop: &'a Shop,
}

/// The longest text of a stranger's that is shown, in columns.
const MAX_SHOWN: usize = 80;

/// A stranger's text, so that it can deceive nobody and push nothing out of its place.
fn shown(text: &str) -> Markup {
    html! { bdi { (fit(&escape(text), MAX_SHOWN)) } }
}

/// The class of a verdict's colours.
const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Vulnerable => "danger",
        Verdict::Unconfirmed => "warning",
        Verdict::Unknown(_) => "unknown",
        Verdict::Patched => "good",
        Verdict::NotInstalled | Verdict::NotApplicable => "none",
    }
}

/// The whole file.
fn page(text: Text, title: &str, style: &str, class: &str, body: &Markup) -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    );
    html! {
        (DOCTYPE)
        html lang=(text.language.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(style)) }
            }
            body class=(class) { (body) }
        }
    }
    .into_string()
}

/// What all pages look like.
const STYLE: &str = include_str!("html/style.css");

/// The shop's name, logo and contact.
fn letterhead(shop: &Shop) -> Markup {
    if shop.name.is_none() && shop.contact.is_none() && shop.logo.is_none() {
        return html! {};
    }
    html! {
        div.shop {
            @if let Some(logo) = &shop.logo {
                img.logo src=(logo.data_uri) alt="";
            }
            div {
                @if let Some(name) = &shop.name { strong { (name) } }
                @if let Some(contact) = &shop.contact { span { (contact) } }
            }
        }
    }
}

/// The mark of simulated phones.
fn demo(context: Context<'_>) -> Markup {
    if !context.report.simulated {
        return html! {};
    }
    html! { p.demo { (context.text.get("demo")) } }
}

impl<'a> Context<'a> {
    /// The end of a phone's serial number, if it stands beside a code.
    fn end(self, at: usize) -> Option<&'a str> {
        self.ends.get(at)?.as_deref()
    }

    /// The advisories whose findings decided about this phone; of one that wasn't asked, the one
    /// that counts first.
    fn advisories(self, device: &DeviceReport) -> Vec<&'a Advisory> {
        let ids = each_once(decisive(device).map(|finding| finding.id.as_str()), |id| *id);
        let mut found: Vec<&Advisory> =
            ids.into_iter().filter_map(|id| self.set.find(id)).collect();
        if found.is_empty() && device.findings.is_empty() {
            found.extend(self.set.advisories.first());
        }
        found
    }

    /// The apps that decided, each once, and how many they are.
    fn apps(self, device: &DeviceReport) -> (String, usize) {
        let mut apps = each_once(decisive(device).map(|finding| finding.app.as_str()), |app| *app);
        if apps.is_empty() {
            apps.extend(self.advisories(device).iter().map(|advisory| advisory.app.as_str()));
        }
        (fit(&escape(&apps.join(", ")), 3 * MAX_SHOWN), apps.len())
    }

    /// The CVE ids of the findings that decided, each once.
    fn cves(self, device: &DeviceReport) -> String {
        let of_findings = decisive(device).flat_map(|finding| &finding.cves);
        let of_set = self.advisories(device).into_iter().flat_map(|advisory| &advisory.cves);
        let cves = each_once(of_findings.chain(of_set).map(String::as_str), |cve| *cve);
        fit(&escape(&cves.join(", ")), 3 * MAX_SHOWN)
    }

    /// The head and the value of a phone's serial number, if anything can be shown of it.
    fn serial(self, device: &DeviceReport) -> Option<(&'static str, String)> {
        use crate::report::is_address;
        use crate::report::serial::SerialForm;
        let serial = device.connection.serial.as_deref()?;
        let form = device.connection.serial_form;
        if is_address(&device.connection) && form != SerialForm::Hashed {
            return None;
        }
        let (head, value) = match form {
            SerialForm::Full => (self.text.get("sheet-serial-full"), serial),
            SerialForm::Hashed => (self.text.get("sheet-serial-coded"), serial),
            SerialForm::End => (self.text.get("sheet-serial-end"), serial.trim_start_matches('…')),
        };
        Some((head, fit(&escape(value), MAX_SHOWN)))
    }
}

/// What a file is called that nobody named: `micheck-MODEL-DATE.html`, or `micheck-bench-…` for
/// more than one phone, or none. Fit for every system.
#[must_use]
pub fn html_file_name(taken_at: &str, phones: &[&DeviceReport]) -> String {
    let model = match phones {
        [one] => one.device.name().map(file_stem).filter(|name| !name.is_empty()),
        _ => Some("bench".to_owned()),
    };
    let date = file_stem(taken_at.get(..10).unwrap_or_default());
    format!("micheck-{}-{date}.html", model.as_deref().unwrap_or("phone"))
}

/// The findings that decided about a phone; of one at risk all that are at risk.
fn decisive(device: &DeviceReport) -> impl Iterator<Item = &crate::report::FindingReport> {
    device.findings.iter().filter(|finding| {
        finding.verdict == device.verdict
            || device.verdict.is_at_risk() && finding.verdict.is_at_risk()
    })
}

/// What was read to check this phone.
fn what_was_read(device: &DeviceReport, text: Text) -> &'static str {
    match device.connection.link {
        // Kept evidence has the link of its phone.
        _ if device.is_from_file() => text.get("sheet-read-file"),
        // Nobody asked it anything.
        LinkKind::AdbServer | LinkKind::Network | LinkKind::Usb
            if device.findings.is_empty() && device.device.android.is_none() =>
        {
            text.get("sheet-read-nothing")
        }
        LinkKind::AdbServer | LinkKind::Network | LinkKind::Usb => text.get("sheet-read-phone"),
        LinkKind::File => text.get("sheet-read-file"),
        LinkKind::Typed => text.get("sheet-read-typed"),
    }
}

/// The longest step, in columns: all apps with known flaws have room in it.
const MAX_STEP: usize = 900;

/// A sentence, cut where it would push everything else off a sheet.
fn within_sheet(sentence: &str) -> String {
    // No sign is wider than two columns.
    if 2 * sentence.chars().count() <= MAX_STEP {
        sentence.to_owned()
    } else {
        fit(sentence, MAX_STEP)
    }
}

/// A step as a sentence, escaped.
fn step(sentence: &str, text: Text) -> String {
    within_sheet(&text.sentence(&escape(sentence)))
}
