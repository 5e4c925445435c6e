//! The sentences of what to do.

use super::Text;
use crate::advisory::Affected;
use crate::step::Step;

/// The app that a step is about.
#[derive(Debug, Clone, Copy)]
pub struct AppInQuestion<'a> {
    /// Its name for people: `Mi Connect Service`.
    pub name: &'a str,
    /// Its package name.
    pub package: &'a str,
    /// Its affected versions; `None` when there is no advisory.
    pub affected: Option<&'a Affected>,
}

impl Text {
    /// A step as an instruction about these apps, without its full stop; one sentence, however
    /// many they are.
    #[must_use]
    pub fn step(self, step: Step, apps: &[AppInQuestion<'_>]) -> String {
        if let [_, _, ..] = apps
            && let Some(template) = Self::step_template_for_several(step)
        {
            let packages: Vec<&str> = apps.iter().map(|app| app.package).collect();
            let links: Vec<String> =
                packages.iter().map(|package| format!("market://details?id={package}")).collect();
            let names: Vec<&str> = apps.iter().map(|app| app.name).collect();
            let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            return template
                .replace("{links}", &links.join(", "))
                .replace("{quoted}", &quoted.join(", "))
                .replace("{names}", &names.join(", "));
        }
        let app = apps.first();
        let bound = app.and_then(|app| app.affected).map(Self::must_be_updated);
        Self::step_template(step)
            .replace("{app}", app.map_or("the app", |app| app.name))
            .replace("{package}", app.map_or("", |app| app.package))
            .replace("{bound}", bound.as_deref().unwrap_or_default())
    }

    /// Steps that name their app, for several of them.
    const fn step_template_for_several(step: Step) -> Option<&'static str> {
        match step {
            Step::UpdateInStore => Some(
                "GetApps (in China: App Store) → search for each of {quoted} and install its \
                 update; if one isn't found there, install all updates",
            ),
            Step::UpdateInGooglePlay => {
                Some("Try Google Play: open {links} (they may not be listed)")
            }
            Step::ReadVersionByHand => Some(
                "Read the versions by hand: Settings → Apps → Manage apps → ⋮ Show all apps → \
                 {names}; then judge each: micheck judge VERSION --advisory ID (micheck advisories \
                 lists the ids)",
            ),
            Step::DumpAgain => Some("Save it again: adb shell dumpsys package > dump.txt"),
            _ => None,
        }
    }

    #[expect(clippy::too_many_lines, reason = "one sentence for each step")]
    const fn step_template(step: Step) -> &'static str {
        match step {
            Step::UpdateSystemApps => "Settings → System apps updater → update all",
            Step::UpdateInStore => {
                "GetApps (in China: App Store) → search for \"{app}\" and install its \
                 update; if it isn't found there, install all updates"
            }
            Step::UpdateInGooglePlay => {
                "Try Google Play: open market://details?id={package} (it may \
                 not be listed)"
            }
            Step::UpdateSystem => {
                "Settings → About phone → tap the MIUI or HyperOS version → Check for updates, and \
                 install what it finds"
            }
            Step::CheckAgain => "Run micheck again",
            Step::OwnerSignsInAgain => {
                "Optional, the owner's own step at home (only with the password and a backup): sign \
                 out of the Xiaomi account and in again, as the published warning advises; this \
                 switches Find device off and can remove synced data"
            }
            Step::RevokeDebugging => {
                "When done: Developer options → Revoke USB debugging authorisations, then switch \
                 USB debugging off"
            }
            Step::AllowDebugging => {
                "Have the owner unlock the phone and tap Allow under \"Allow USB debugging?\" \
                 (leave \"Always allow from this computer\" off on a customer's phone; never ask \
                 for the PIN)"
            }
            Step::WaitForPerson => {
                "Run it again with --wait-auth 60s, and leave it waiting while the phone asks"
            }
            Step::PairPhone => {
                "Wireless debugging (Android 11 and later): pair once with adb pair HOST:PORT; the \
                 phone shows address, port and code under Developer options → Wireless debugging → \
                 Pair device with pairing code"
            }
            Step::CheckAddress => {
                "Check the address: phone and computer must be on one network, and network \
                 debugging on (Developer options → Wireless debugging shows address and port)"
            }
            Step::AllowDialogMissing => {
                "No dialog? Set the USB mode to File transfer; or Developer options → Revoke USB \
                 debugging authorisations, then unplug and plug in again"
            }
            Step::EnableDebugging => {
                "Settings → About phone → tap the \"MIUI version\" (HyperOS: \"OS version\") 7 \
                 times; then Settings → Additional settings → Developer options → USB debugging \
                 (\"USB debugging (Security settings)\" and \"Install via USB\" aren't needed)"
            }
            Step::InstallUdevRule => {
                "Linux: micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules; then \
                 sudo udevadm control --reload; then plug the phone in again (where an adb server \
                 runs: adb kill-server first)"
            }
            Step::WaitThenReplug => {
                "Wait some seconds; then unplug, and plug in again with another cable or port"
            }
            Step::Replug => {
                "Plug the phone in again; if it happens again, use another cable or port"
            }
            Step::RestartIntoAndroid => {
                "Restart the phone into Android: hold the power key, Reboot"
            }
            Step::WaitForBoot => {
                "Wait until the phone shows its lock screen; unlock it once if it was just started"
            }
            Step::RestartPhone => "If that doesn't help, restart the phone",
            Step::CloseOtherProgram => {
                "Close the other program (phone suites, flash tools, a second adb); if it is the adb \
                 server, leave out --via usb"
            }
            Step::InstallDriver => "Install Google's USB driver (WinUSB) for the phone",
            Step::UpdateAdb => "Update adb on the computer that holds the phones",
            Step::OneAtATime => "Or plug in only one of these phones at a time",
            Step::StartServer => "Start the adb server: adb start-server",
            Step::RaiseTimeout => "Give the phone more time: --timeout 90s",
            Step::ReadVersionByHand => {
                "Read the version by hand: Settings → Apps → Manage apps → ⋮ Show all apps → \
                 {app}{bound}"
            }
            Step::RepairKey => {
                "Look at ~/.android/adbkey: make it readable, or move it away so that a new one is made"
            }
            Step::InspectByHand => {
                "If it stays so, don't trust this phone: look for apps that nobody installed"
            }
            Step::DumpAgain => "Save it again: adb shell dumpsys package {package} > dump.txt",
            Step::ProtectKey => "Keep the others out: chmod 600 ~/.android/adbkey",
            Step::ConvertKey => {
                "Convert a copy of it: openssl pkcs8 -topk8 -nocrypt -in ~/.android/adbkey -out \
                 adbkey.new – and put that in its place"
            }
            Step::FreePort => {
                "Close that program; or if the adb server listens elsewhere, name it: --server \
                 127.0.0.1:5038"
            }
            Step::RestartServer => "Restart the adb server: adb kill-server; adb start-server",
            Step::TryCable => {
                "Try another cable (some only charge), and a port of the computer itself"
            }
            Step::FasterHub => {
                "Plug the phones in without this hub, or use one for USB 2.0 or newer"
            }
            Step::PoweredHub => {
                "Use a hub with a power supply of its own, or plug some of the phones in elsewhere"
            }
            Step::UpdateMicheck => "Get a newer micheck: the advisories come with it",
            Step::SetClock => "Put the computer's date right",
        }
    }

    /// The last step, for all phones that need nothing else; without its full stop.
    #[must_use]
    pub const fn when_done(self) -> &'static str {
        Self::step_template(Step::RevokeDebugging)
    }
}
