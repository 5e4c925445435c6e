//! What a phone is asked: the commands, their keys, and what their answers are called as files. All
//! but [`Question::Show`] read, and change nothing.
//! Core: no I/O; putting them to a phone is `probe`'s.

use crate::package_name::PackageName;
use crate::update_route::UpdateRoute;

/// One command of the probe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// `getprop`.
    Properties,
    /// `dumpsys package NAME`.
    Dump(PackageName),
    /// `pm path android`: shows whether `pm` works at all.
    PmControl,
    /// `pm list packages -u NAME`.
    PmList(PackageName),
    /// `pm path NAME`, of an app that can update others.
    Updater(PackageName),
    /// `am start …`: to show a screen that leads to an update of this app. Asked when a person wants it
    /// and never else.
    Show(UpdateRoute, PackageName),
}

impl Question {
    /// What the phone's shell is given. Package names are checked when they are made.
    #[must_use]
    pub fn command(&self) -> String {
        match self {
            Self::Properties => "getprop".to_owned(),
            Self::Dump(name) => format!("dumpsys package {name}"),
            Self::PmControl => "pm path android".to_owned(),
            Self::PmList(name) => format!("pm list packages -u {name}"),
            Self::Updater(name) => format!("pm path {name}"),
            Self::Show(route, app) => route.command(app),
        }
    }

    /// The stable key that evidence on disk uses.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Properties => "getprop",
            Self::Dump(_) => "dumpsys_package",
            Self::PmControl => "pm_path_android",
            Self::PmList(_) => "pm_list_packages",
            Self::Updater(_) => "pm_path",
            Self::Show(route, _) => route.key(),
        }
    }

    /// The package that it is about; `None` for the two questions about the phone itself.
    #[must_use]
    pub const fn package(&self) -> Option<&PackageName> {
        match self {
            Self::Properties | Self::PmControl => None,
            Self::Dump(name) | Self::PmList(name) | Self::Updater(name) | Self::Show(_, name) => {
                Some(name)
            }
        }
    }

    /// The question with this key about this package; `None` when there is no such question.
    #[must_use]
    pub fn from_key(key: &str, package: Option<PackageName>) -> Option<Self> {
        match (key, package) {
            ("getprop", None) => Some(Self::Properties),
            ("dumpsys_package", Some(name)) => Some(Self::Dump(name)),
            ("pm_path_android", None) => Some(Self::PmControl),
            ("pm_list_packages", Some(name)) => Some(Self::PmList(name)),
            ("pm_path", Some(name)) => Some(Self::Updater(name)),
            (key, Some(name)) => {
                let mut routes = UpdateRoute::ALL.iter().copied();
                Some(Self::Show(routes.find(|route| route.key() == key)?, name))
            }
            _ => None,
        }
    }

    /// What the answer's file is called, without its ending: ASCII letters, digits, `.`, `_`
    /// and `-`, and no name that Windows keeps for itself.
    #[must_use]
    pub fn file_stem(&self) -> String {
        match self {
            Self::Show(route, _) => format!("am-start-{}", route.key()),
            // No package is called `android`: their names have at least two parts.
            _ => self.command().replace(" -u", "").replace(' ', "-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_files_of_their_own() {
        let name = PackageName::try_from("com.xiaomi.discover").unwrap();
        for (question, file) in [
            (Question::Properties, "getprop"),
            (Question::Dump(name.clone()), "dumpsys-package-com.xiaomi.discover"),
            (Question::PmControl, "pm-path-android"),
            (Question::PmList(name.clone()), "pm-list-packages-com.xiaomi.discover"),
            (Question::Updater(name.clone()), "pm-path-com.xiaomi.discover"),
            (Question::Show(UpdateRoute::GetAppsPage, name), "am-start-getapps_page"),
        ] {
            assert_eq!(question.file_stem(), file);
        }
    }

    #[test]
    fn every_question_is_found_by_its_key() {
        let name = PackageName::try_from("com.xiaomi.mi_connect_service").unwrap();
        for question in [
            Question::Properties,
            Question::Dump(name.clone()),
            Question::PmControl,
            Question::PmList(name.clone()),
            Question::Updater(name.clone()),
            Question::Show(UpdateRoute::SystemUpdate, name.clone()),
        ] {
            let found = Question::from_key(question.key(), question.package().cloned());
            assert_eq!(found, Some(question));
        }
        assert_eq!(Question::from_key("getprop", Some(name)), None);
        assert_eq!(Question::from_key("pm_path", None), None);
        assert_eq!(Question::from_key("reboot", None), None);
    }
}
