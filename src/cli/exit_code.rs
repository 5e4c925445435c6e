//! Every exit code, and which one a report leads to. Pure. Documented in `docs/exit-codes.md`.

use std::process;

use crate::cli::values::FailOn;
use crate::doctor::CheckState;
use crate::report::Summary;

/// With the number that the system gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Every phone was checked, and none needs anything.
    Fine = 0,
    /// A phone is at risk, or must be updated to be sure.
    AtRisk = 1,
    /// Wrong usage, or micheck itself failed. Nothing was checked.
    Error = 2,
    /// A phone couldn't be checked, or something is in its way.
    NotChecked = 3,
    NoPhone = 4,
    /// Interrupted by Ctrl-C or a signal.
    Interrupted = 130,
}

impl ExitCode {
    /// The code of a run that has seen these phones.
    #[must_use]
    pub const fn of_summary(summary: &Summary, fail_on: FailOn) -> Self {
        let Summary { devices, lost_servers, vulnerable, unconfirmed, unknown, .. } = *summary;
        let at_risk = match fail_on {
            FailOn::Vulnerable => vulnerable > 0,
            FailOn::Unconfirmed | FailOn::Unknown => vulnerable + unconfirmed > 0,
        };
        let not_checked = match fail_on {
            FailOn::Vulnerable | FailOn::Unconfirmed => false,
            FailOn::Unknown => unknown + lost_servers > 0,
        };
        if at_risk {
            Self::AtRisk
        } else if not_checked {
            Self::NotChecked
        } else if devices == 0 {
            Self::NoPhone
        } else {
            Self::Fine
        }
    }

    /// The code of a check-up whose worst state is `state`.
    #[must_use]
    pub const fn of_checkup(state: CheckState) -> Self {
        match state {
            CheckState::Ok | CheckState::Note => Self::Fine,
            CheckState::Problem => Self::NotChecked,
        }
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_problem_makes_a_checkup_fail() {
        let codes =
            [CheckState::Ok, CheckState::Note, CheckState::Problem].map(ExitCode::of_checkup);
        assert_eq!(codes, [ExitCode::Fine, ExitCode::Fine, ExitCode::NotChecked]);
    }

    #[test]
    fn the_worst_phone_decides() {
        use ExitCode::{AtRisk, Fine, NoPhone, NotChecked};
        let fine = Summary {
            devices: 9,
            patched: 1,
            not_installed: 1,
            not_applicable: 1,
            ..Summary::default()
        };
        let unknown = Summary { unknown: 1, ..fine };
        let unconfirmed = Summary { unconfirmed: 1, ..unknown };
        let vulnerable = Summary { vulnerable: 1, ..unconfirmed };
        let none = Summary::default();
        let lost = Summary { lost_servers: 1, ..none };
        for (summary, [on_vulnerable, on_unconfirmed, on_unknown]) in [
            (none, [NoPhone, NoPhone, NoPhone]),
            (lost, [NoPhone, NoPhone, NotChecked]),
            (fine, [Fine, Fine, Fine]),
            (unknown, [Fine, Fine, NotChecked]),
            (unconfirmed, [Fine, AtRisk, AtRisk]),
            (vulnerable, [AtRisk, AtRisk, AtRisk]),
        ] {
            assert_eq!(ExitCode::of_summary(&summary, FailOn::Vulnerable), on_vulnerable);
            assert_eq!(ExitCode::of_summary(&summary, FailOn::Unconfirmed), on_unconfirmed);
            assert_eq!(ExitCode::of_summary(&summary, FailOn::Unknown), on_unknown);
        }
    }
}
