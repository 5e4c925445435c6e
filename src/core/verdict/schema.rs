//! What JSON Schemas say of a verdict: its key, without the reason that its type holds.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Reason, Verdict};

impl JsonSchema for Verdict {
    fn schema_name() -> Cow<'static, str> {
        "Verdict".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let keys = [
            Self::Vulnerable,
            Self::Unconfirmed,
            Self::Unknown(Reason::IncompleteAnswer),
            Self::Patched,
            Self::NotInstalled,
            Self::NotApplicable,
        ]
        .map(Self::key);
        json_schema!({
            "description": "What is so of a phone, worst first; see docs/verdicts.md.",
            "type": "string",
            "enum": keys,
        })
    }
}
