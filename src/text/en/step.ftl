### What a person does next, as instructions without their full stop.

## .several: about several apps. .short: so that it has room on the board.

step-update_system_apps = Settings → System apps updater → update all
step-update_in_store = GetApps (in China: App Store) → search for "{ $app }" and install its update; if it isn't found there, install all updates
    .several = GetApps (in China: App Store) → search for each of { $quoted } and install its update; if one isn't found there, install all updates
step-update_in_google_play = Try Google Play: open market://details?id={ $package } (it may not be listed)
    .several = Try Google Play: open { $links } (they may not be listed)
step-update_system = Settings → About phone → tap the MIUI or HyperOS version → Check for updates, and install what it finds
step-check_again = Run micheck again
step-owner_signs_in_again = Optional, the owner's own step at home (only with the password and a backup): sign out of the Xiaomi account and in again, as the published warning advises; this switches Find device off and can remove synced data
step-close_network_debugging = Close ADB to the network: Developer options → Wireless debugging → off, then restart the phone
    .short = Wireless debugging → off, then restart
step-revoke_debugging = When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off
step-allow_debugging = Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (leave "Always allow from this computer" off on a customer's phone; never ask for the PIN)
    .short = Have the owner unlock it and tap Allow
step-wait_for_person = Run it again with --wait-auth 60s, and leave it waiting while the phone asks
    .short = Have the owner unlock it and tap Allow
step-pair_phone = Wireless debugging (Android 11 and later): pair once with adb pair HOST:PORT; the phone shows address, port and code under Developer options → Wireless debugging → Pair device with pairing code
step-check_address = Check the address: phone and computer must be on one network, and network debugging on (Developer options → Wireless debugging shows address and port)
    .short = Check its address (Enter: how)
step-allow_dialog_missing = No dialog? Set the USB mode to File transfer; or Developer options → Revoke USB debugging authorisations, then unplug and plug in again
step-enable_debugging = Settings → About phone → tap the "MIUI version" (HyperOS: "OS version") 7 times; then Settings → Additional settings → Developer options → USB debugging ("USB debugging (Security settings)" and "Install via USB" aren't needed)
    .short = Switch USB debugging on (Enter: how)
step-install_udev_rule = Linux: micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules; then sudo udevadm control --reload; then plug the phone in again (where an adb server runs: adb kill-server first)
    .short = Give this user access to it (Enter: how)
step-wait_then_replug = Wait some seconds; then unplug, and plug in again with another cable or port
    .short = Plug it in again, with another cable or port
step-replug = Plug the phone in again; if it happens again, use another cable or port
    .short = Plug it in again, with another cable or port
step-restart_into_android = Restart the phone into Android: hold the power key, Reboot
    .short = Restart it into Android: hold the power key
step-wait_for_boot = Wait until the phone shows its lock screen; unlock it once if it was just started
    .short = Wait until it has started; unlock it
step-restart_phone = If that doesn't help, restart the phone
step-close_other_program = Close the other program (phone suites, flash tools, a second adb); if it is the adb server, leave out --via usb
    .short = Close the other program that uses it (Enter: which)
step-install_driver = Install Google's USB driver (WinUSB) for the phone
step-update_adb = Update adb on the computer that holds the phones
step-one_at_a_time = Or plug in only one of these phones at a time
step-start_server = Start the adb server: adb start-server
    .short = Start the adb server: adb start-server
step-raise_timeout = Give the phone more time: --timeout 90s
step-read_version_by_hand = Read the version by hand: Settings → Apps → Manage apps → ⋮ Show all apps → { $app }{ $bound }
    .several = Read the versions by hand: Settings → Apps → Manage apps → ⋮ Show all apps → { $names }; then judge each: micheck judge VERSION --advisory ID (micheck advisories lists the ids)
    .short = Read the version by hand (Enter: where)
step-raise_limit = Close other programs, or let programs open more files (on Linux and macOS, `ulimit -n 1024` in this terminal)
step-repair_key = Look at ~/.android/adbkey: make it readable, or move it away so that a new one is made
    .short = Look at this computer's ADB key (Enter: how)
step-inspect_by_hand = If it stays so, don't trust this phone: look for apps that nobody installed
step-dump_again = Save it again: adb shell dumpsys package { $package } > dump.txt
    .several = Save a bug report: adb bugreport bugreport.zip
step-judge_version = If this is the version of { $app }, have it judged: micheck judge { $version }
step-protect_key = Keep the others out: chmod 600 ~/.android/adbkey
step-convert_key = Convert a copy of it: openssl pkcs8 -topk8 -nocrypt -in ~/.android/adbkey -out adbkey.new – and put that in its place
step-free_port = Close that program; or if the adb server listens elsewhere, name it: --server 127.0.0.1:5038
step-restart_server = Restart the adb server: adb kill-server; adb start-server
step-try_cable = Try another cable (some only charge), and a port of the computer itself
step-faster_hub = Plug the phones in without this hub, or use one for USB 2.0 or newer
step-powered_hub = Use a hub with a power supply of its own, or plug some of the phones in elsewhere
step-update_micheck = Get a newer micheck: the advisories come with it
step-set_clock = Put the computer's date right

# Stands for an app whose name isn't known.
the-app = the app

## Said to the phone's owner, on the sheet, instead of what the technician is told.

step-check_again-owner = Have the phone checked again
step-allow_debugging-owner = Unlock the phone and tap Allow under "Allow USB debugging?" when it is checked; nobody needs your PIN for that
step-revoke_debugging-owner = When all is done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off
step-owner_signs_in_again-owner = If you like, at home (only with the password and a backup): sign out of the Xiaomi account and in again, as the published warning advises; this switches Find device off and can remove synced data
