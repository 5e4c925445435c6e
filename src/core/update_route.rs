//! Which screens of a phone lead to an update, and the words that ask it to show one.
//!
//! Every command names the app that is to answer (`-n` or `-p`), so that no other can, and is made
//! of constants and checked package names. The app's own page in Settings is no route: it has
//! "Uninstall updates". Where each is from, and how sure that is: docs/fix.md.

use serde::{Deserialize, Serialize};

use crate::advisory::{Advisory, AdvisorySet};
use crate::getprop::Properties;
use crate::judge::Finding;
use crate::next_steps::{ReportSource, Updaters, steps};
use crate::package_name::PackageName;
use crate::step::Step;
use crate::verdict::{Verdict, keyed_enum};

keyed_enum! {
    /// A screen that leads to an update.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum UpdateRoute {
        /// The list of updates of Xiaomi's system apps updater.
        SystemAppsUpdater = "system_apps_updater",
        /// GetApps' list of updates.
        GetAppsUpdates = "getapps_updates",
        /// The app's page in GetApps.
        GetAppsPage = "getapps_page",
        /// The list of updates of China's App Store.
        AppStoreUpdates = "app_store_updates",
        /// The app's page in China's App Store.
        AppStorePage = "app_store_page",
        /// The first screen of the Indus Appstore.
        IndusAppstore = "indus_appstore",
        /// The app's page on Google Play.
        GooglePlayPage = "google_play_page",
        /// Xiaomi's updater of the system.
        SystemUpdate = "system_update",
        /// Google's dialog for updates of the system.
        SystemUpdateByGoogle = "system_update_by_google",
    }
}

const VIEW: &str = "-a android.intent.action.VIEW -d";

impl UpdateRoute {
    /// The app that shows it.
    #[must_use]
    pub const fn package(self) -> &'static str {
        match self {
            Self::SystemAppsUpdater => "com.xiaomi.discover",
            Self::GetAppsUpdates | Self::GetAppsPage => "com.xiaomi.mipicks",
            Self::AppStoreUpdates | Self::AppStorePage => "com.xiaomi.market",
            Self::IndusAppstore => "com.indus.appstore",
            Self::GooglePlayPage => "com.android.vending",
            Self::SystemUpdate => "com.android.updater",
            Self::SystemUpdateByGoogle => "com.google.android.gms",
        }
    }

    /// What the phone's shell is given; `app` is the one to be updated.
    #[must_use]
    pub fn command(self, app: &PackageName) -> String {
        let package = self.package();
        let intent = match self {
            Self::SystemAppsUpdater => {
                format!("-n {package}/com.xiaomi.market.ui.UpdateAppsActivityInner")
            }
            Self::GetAppsUpdates => format!("{VIEW} mimarket://update -p {package}"),
            Self::AppStoreUpdates => format!("-a com.xiaomi.market.UPDATE_APP_LIST -p {package}"),
            // Quoted: to a shell `?` stands for any character.
            Self::GetAppsPage | Self::AppStorePage => {
                format!("{VIEW} 'mimarket://details?id={app}' -p {package}")
            }
            Self::GooglePlayPage => format!("{VIEW} 'market://details?id={app}' -p {package}"),
            Self::IndusAppstore => format!(
                "-a android.intent.action.MAIN -c android.intent.category.LAUNCHER -p {package}"
            ),
            Self::SystemUpdate => format!("-n {package}/.MainActivity"),
            Self::SystemUpdateByGoogle => format!("-n {package}/.update.SystemUpdateActivity"),
        };
        format!("am start {intent}")
    }

    /// The screens of a step, the one that shows most first. Those of the system's updates belong to
    /// none: they are opened on one chosen phone only.
    const fn of_step(step: Step) -> &'static [Self] {
        match step {
            Step::UpdateSystemApps => &[Self::SystemAppsUpdater],
            Step::UpdateInGetApps => &[Self::GetAppsUpdates, Self::GetAppsPage],
            Step::UpdateInAppStore => &[Self::AppStoreUpdates, Self::AppStorePage],
            Step::UpdateInIndusAppstore => &[Self::IndusAppstore],
            // Nobody knows which of the stores it has.
            Step::UpdateInStore => &[
                Self::GetAppsUpdates,
                Self::GetAppsPage,
                Self::AppStoreUpdates,
                Self::AppStorePage,
                Self::IndusAppstore,
            ],
            Step::UpdateInGooglePlay => &[Self::GooglePlayPage],
            _ => &[],
        }
    }
}

/// What a phone is asked to show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UpdateKind {
    /// What updates its apps.
    #[default]
    Apps,
    /// What updates its system.
    System,
}

/// The screens that lead a phone of these findings to an update, with the app that is to be updated, in
/// the order in which they are to be tried: that of the advice for it. None, where nothing is at risk.
#[must_use]
pub fn update_routes(
    findings: &[Finding],
    advisories: &AdvisorySet,
    properties: &Properties,
    kind: UpdateKind,
) -> Vec<(UpdateRoute, PackageName)> {
    let mut at_risk: Vec<&Finding> =
        findings.iter().filter(|finding| finding.verdict.is_at_risk()).collect();
    at_risk.sort_by_key(|finding| finding.verdict);
    let Some(app) = at_risk.first().map(|finding| &finding.package) else { return Vec::new() };
    let missing: Vec<PackageName> =
        at_risk.iter().flat_map(|finding| finding.missing_updaters.clone()).collect();
    let updaters = Updaters::new(&missing, Some(properties));
    let mut routes: Vec<UpdateRoute> = Vec::new();
    if kind == UpdateKind::System {
        if updaters.google_serves_system {
            routes.push(UpdateRoute::SystemUpdateByGoogle);
        }
        routes.push(UpdateRoute::SystemUpdate);
    } else {
        let found = |advisory: &&Advisory| at_risk.iter().any(|one| one.advisory == advisory.id);
        let advisories: Vec<&Advisory> = advisories.advisories.iter().filter(found).collect();
        let advised = steps(Verdict::Vulnerable, updaters, &advisories, ReportSource::Cable);
        routes.extend(advised.into_iter().flat_map(UpdateRoute::of_step));
    }
    let is_missing =
        |route: &UpdateRoute| missing.iter().any(|name| name.as_str() == route.package());
    routes.retain(|route| !is_missing(route));
    routes.into_iter().map(|route| (route, app.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MI_CONNECT: &str = "com.xiaomi.mi_connect_service";

    fn finding(verdict: Verdict, missing: &[&str]) -> Finding {
        let set = AdvisorySet::embedded();
        let version = match verdict {
            Verdict::Vulnerable => "3.1.874.10",
            Verdict::Unconfirmed => "3.1.900.12",
            _ => "3.1.921.10",
        };
        let mut finding =
            crate::judge::judge_typed(Some(version.as_bytes()), &set.advisories[0]).remove(0);
        assert_eq!(finding.verdict, verdict);
        finding.missing_updaters =
            missing.iter().map(|&name| PackageName::try_from(name).unwrap()).collect();
        finding
    }

    fn of(missing: &[&str], properties: &str, kind: UpdateKind) -> Vec<UpdateRoute> {
        let properties = Properties::read(properties.as_bytes());
        let findings = [finding(Verdict::Vulnerable, missing)];
        let set = AdvisorySet::embedded();
        let routes = update_routes(&findings, &set, &properties, kind);
        assert!(routes.iter().all(|(_, app)| app.as_str() == MI_CONNECT));
        routes.into_iter().map(|(route, _)| route).collect()
    }

    #[test]
    fn every_command_names_who_is_to_answer_and_none_is_a_page_of_settings() {
        let app = PackageName::try_from(MI_CONNECT).unwrap();
        for &route in UpdateRoute::ALL {
            let command = route.command(&app);
            let package = route.package();
            assert!(
                command.contains(&format!("-n {package}/"))
                    || command.ends_with(&format!("-p {package}")),
                "{command}"
            );
            assert!(!command.contains("settings") && !command.contains("APPLICATION_DETAILS"));
            assert!(PackageName::try_from(package).is_ok());
            let plain = |c: char| c.is_ascii_alphanumeric() || " -_./:'?=".contains(c);
            assert!(command.chars().all(plain), "{command}");
        }
    }

    #[test]
    fn screens_come_in_the_order_of_the_advice() {
        use UpdateRoute::{
            AppStorePage, AppStoreUpdates, GetAppsPage, GetAppsUpdates, GooglePlayPage,
            IndusAppstore, SystemAppsUpdater,
        };

        const DISCOVER: &str = "com.xiaomi.discover";
        const GETAPPS: &str = "com.xiaomi.mipicks";
        const APP_STORE: &str = "com.xiaomi.market";
        const INDUS: &str = "com.indus.appstore";
        const PLAY: &str = "com.android.vending";
        let region = |region: &str| format!("[ro.miui.region]: [{region}]");
        let cases: &[(&str, &[&str], &[UpdateRoute])] = &[
            ("GB", &[], &[SystemAppsUpdater, GetAppsUpdates, GetAppsPage, GooglePlayPage]),
            ("GB", &[DISCOVER], &[GetAppsUpdates, GetAppsPage, GooglePlayPage]),
            ("GB", &[GETAPPS, APP_STORE, INDUS], &[SystemAppsUpdater, GooglePlayPage]),
            ("IN", &[], &[SystemAppsUpdater, IndusAppstore, GooglePlayPage]),
            ("IN", &[INDUS, DISCOVER], &[GetAppsUpdates, GetAppsPage, GooglePlayPage]),
            ("CN", &[PLAY], &[SystemAppsUpdater, AppStoreUpdates, AppStorePage]),
            ("CN", &[APP_STORE, GETAPPS, INDUS, PLAY], &[SystemAppsUpdater]),
            ("CN", &[APP_STORE, GETAPPS, INDUS, PLAY, DISCOVER], &[]),
        ];
        for (code, missing, wanted) in cases {
            let routes = of(missing, &region(code), UpdateKind::Apps);
            assert_eq!(routes, *wanted, "{code} {missing:?}");
        }
        // Of a phone that doesn't say where it is from, all that it has.
        let unsaid = of(&[APP_STORE], "", UpdateKind::Apps);
        assert_eq!(
            unsaid,
            [SystemAppsUpdater, GetAppsUpdates, GetAppsPage, IndusAppstore, GooglePlayPage]
        );
    }

    #[test]
    fn the_systems_update_is_opened_on_wish_only_and_googles_where_google_serves_it() {
        use UpdateRoute::{SystemUpdate, SystemUpdateByGoogle};

        const BY_GOOGLE: &str = "[ro.miui.gota]: [1]\n[ro.product.name]: [vayu_global]";
        assert_eq!(of(&[], "", UpdateKind::System), [SystemUpdate]);
        assert_eq!(of(&[], BY_GOOGLE, UpdateKind::System), [SystemUpdateByGoogle, SystemUpdate]);
        let apps = of(&[], BY_GOOGLE, UpdateKind::Apps);
        assert!(!apps.contains(&SystemUpdate) && !apps.contains(&SystemUpdateByGoogle));
    }

    #[test]
    fn only_the_ways_of_what_is_at_risk_count() {
        let set = AdvisorySet::embedded();
        // Its advisory knows stores and no system apps updater.
        let shop = set.find("shop-2024-45354").unwrap();
        let mut finding = finding(Verdict::Vulnerable, &[]);
        finding.advisory.clone_from(&shop.id);
        finding.package = shop.packages[0].name.clone();
        let properties = Properties::read(b"[ro.miui.region]: [GB]");
        let routes = update_routes(&[finding], &set, &properties, UpdateKind::Apps);
        assert!(routes.iter().all(|(_, app)| *app == shop.packages[0].name));
        let routes: Vec<UpdateRoute> = routes.into_iter().map(|(route, _)| route).collect();
        assert!(!routes.contains(&UpdateRoute::SystemAppsUpdater), "{routes:?}");
        assert!(routes.contains(&UpdateRoute::GetAppsPage), "{routes:?}");
    }

    #[test]
    fn a_phone_that_is_not_at_risk_is_asked_to_show_nothing() {
        let (set, properties) = (AdvisorySet::embedded(), Properties::default());
        for verdict in [Verdict::Vulnerable, Verdict::Unconfirmed, Verdict::Patched] {
            let findings = [finding(verdict, &[])];
            for kind in [UpdateKind::Apps, UpdateKind::System] {
                let routes = update_routes(&findings, &set, &properties, kind);
                assert_eq!(routes.is_empty(), verdict == Verdict::Patched, "{verdict:?}");
            }
        }
    }
}
