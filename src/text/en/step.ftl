### What a person does next, as instructions without their full stop.

## .several: about several apps. .short: so that it has room on the board.

step-update_system_apps = Settings → System apps updater → update all
    .short = System apps updater → update all
step-update_in_store = { $place } → search for "{ $app }" and update it; not there? Install all updates
    .short = { $place } → update the app
    .several = { $place } → search for each of { $quoted } and update it; if one isn't there, install all updates
step-update_in_google_play = Google Play: play.google.com/store/apps/details?id={ $package } (if listed)
    .short = Google Play → update the app if it is there
    .several = Google Play: { $links } (those that are listed)
step-update_system = Settings → About phone → tap the MIUI or HyperOS version → Check for updates → install
    .short = About phone → Check for updates
step-check_again = Run micheck again
    .after = When that is done, run micheck again
step-owner_signs_in_again = Optional, at home, with the password known and a backup made: log out of the Xiaomi account and in again, as the published warning advises; this turns Find device off and can remove synced data
    .short = Owner, at home: log out and in again
step-update_system_by_google = Settings → About phone → tap the MIUI or HyperOS version; Google's "System update" opens → Check for update → install
    .short = About phone → Google's System update
step-no_update_yet = Still no update? None has been released for this phone yet: avoid public Wi-Fi (hotels, cafés, trains), and look again every few days; don't install the app from a website
    .short = No update yet: look again in a few days
step-close_network_debugging = Where ADB is open to the network: Developer options → Wireless debugging → off, then restart the phone
    .short = Wireless debugging → off, then restart
step-revoke_debugging = When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off
    .short = Revoke authorisations, USB debugging off
step-allow_debugging = Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (on a customer's phone, don't tick "Always allow from this computer"; never ask for the PIN)
    .short = Have the owner unlock it and tap Allow
step-wait_for_person = Run micheck again with --wait-auth 60s, and leave it running while the phone asks
    .short = Have the owner unlock it and tap Allow
step-pair_phone = Wireless debugging (Android 11 and later; only with a security patch of May 2026 or later): pair once with adb pair HOST:PORT; the phone shows the address, port and code under Developer options → Wireless debugging → Pair device with pairing code
    .short = Pair it once: adb pair (Enter: how)
step-check_address = Check the address and port (the phone shows them under Developer options → Wireless debugging); phone and computer must be on the same network
    .short = Check its address and port (Enter: how)
step-allow_dialog_missing = No dialog? Set the USB mode to File transfer; or Developer options → Revoke USB debugging authorisations, then unplug the phone and plug it in again
    .short = No dialog? USB mode → File transfer
step-enable_debugging = Settings → About phone → tap the "MIUI version" (HyperOS: "OS version") 7 times; then Settings → Additional settings → Developer options → USB debugging ("USB debugging (Security settings)" and "Install via USB" aren't needed)
    .short = Switch USB debugging on (Enter: how)
step-install_udev_rule = Linux: micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules; sudo udevadm control --reload; adb kill-server if an adb server is running; then plug the phone in again
    .short = Give yourself access to it (Enter: how)
step-wait_then_replug = Wait a few seconds; then unplug the phone and plug it in again with another cable or port
    .short = Plug it in again; try another cable or port
step-replug = Plug the phone in again; if it happens again, try another cable or port
    .short = Plug it in again; try another cable or port
step-restart_into_android = Restart the phone into Android: hold the power button until it restarts
    .short = Restart it: hold the power button
step-wait_for_boot = Wait until the phone shows its lock screen; if it has just been switched on, unlock it once
    .short = Wait until it has started; unlock it
step-restart_phone = If that doesn't help, restart the phone
    .short = Restart it
step-close_other_program = Close the other program (phone suite, flash tool, a second adb); if it is the adb server, leave out --via usb
    .short = Close the program that uses it (Enter: which)
step-install_driver = Install Google's USB driver (WinUSB) for the phone
    .short = Install Google's USB driver (WinUSB)
step-update_adb = Update adb on the computer that the phones are plugged into
    .short = Update adb on the phones' computer
step-one_at_a_time = Or plug these phones in one at a time
    .short = Plug these phones in one at a time
step-start_server = Start the adb server: adb start-server
    .short = Start the adb server: adb start-server
step-raise_timeout = Give the phone more time: --timeout 90s
    .short = Give it more time: --timeout 90s
step-read_version_by_hand = Read the version on the phone: Settings → Apps → Manage apps → ⋮ Show all apps → { $app }{ $bound }
    .several = Read the versions on the phone: Settings → Apps → Manage apps → ⋮ Show all apps → { $names }; then judge each: micheck judge VERSION --advisory ID (micheck advisories lists the ids)
    .short = Read the version on the phone (Enter: where)
step-raise_limit = Close other programs, or allow more open files (on Linux and macOS: `ulimit -n 1024` in this terminal)
    .short = Close other programs on this computer
step-repair_key = Make ~/.android/adbkey readable, or move it elsewhere: a new key is then made
    .short = Repair this computer's ADB key (Enter: how)
step-inspect_by_hand = If this keeps happening, don't trust this phone: look for apps that its owner didn't install
    .short = Don't trust this phone (Enter: why)
step-dump_again = Save the dump again: adb shell dumpsys package { $package } > dump.txt
    .several = Save a bug report: adb bugreport bugreport.zip
step-judge_version = If this is { $app }'s version, judge it: micheck judge { $version }
step-protect_key = Keep other users from reading the key: chmod 600 ~/.android/adbkey
step-convert_key = Convert the key: openssl pkcs8 -topk8 -nocrypt -in ~/.android/adbkey -out adbkey.new – then put adbkey.new in its place
step-free_port = Close that program; or, if the adb server has another address, name it: --server 127.0.0.1:5038
step-restart_server = Restart the adb server: adb kill-server; adb start-server
step-try_cable = Try another cable (some only charge), and a port on the computer itself
step-faster_hub = Plug the phones in without this hub, or use a hub for USB 2.0 or newer
step-powered_hub = Use a hub with its own power supply, or plug some of the phones in elsewhere
step-update_micheck = Update micheck: newer advisories come with it
step-set_clock = Correct the computer's date

# Where Xiaomi's apps are updated: not known which store, and each of them.
place-update_in_store = GetApps (China: App Store; India: Indus Appstore)
    .short = GetApps (or the region's store)
place-update_in_getapps = GetApps
    .short = GetApps
place-update_in_indus_appstore = Indus Appstore (formerly GetApps)
    .short = Indus Appstore
place-update_in_app_store = App Store
    .short = App Store

# Stands for an app whose name isn't known.
the-app = the app

## Said to the phone's owner, on the sheet, instead of what the technician is told.

step-check_again-owner = Have the phone checked again
step-allow_debugging-owner = When the phone is checked, unlock it and tap Allow under "Allow USB debugging?"; nobody needs your PIN for that
step-revoke_debugging-owner = When everything is done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off
step-owner_signs_in_again-owner = If you like, at home (only if you know the password and have a backup): log out of your Xiaomi account and log in again, as the published warning advises; this turns Find device off and can remove synced data
