### Verdicts, reasons and notes.

## Verdicts: what each means, as the end of a sentence that its word begins.
## .word stands alone, in capitals; .count is for the summary line; .several: where several apps were looked at.

verdict-vulnerable = update now
    .word = AT RISK
    .count = { $count } at risk
verdict-unconfirmed = fix not confirmed for this version
    .word = UPDATE NEEDED
    .count = { $count } to update
verdict-unknown =
    .word = NOT CHECKED
    .count = { $count } not checked
verdict-patched = version reported fixed
    .word = UPDATED
    .count = { $count } updated
verdict-not_installed = the app isn't on this phone (don't install it)
    .word = NOT AFFECTED
    .count = { $count } not affected
    .several = none of the apps is on this phone (don't install them)
verdict-not_applicable = the app isn't on this device
    .word = NOT A XIAOMI PHONE
    .count = { $count } not Xiaomi
    .several = none of the apps is on this device

## Why a phone couldn't be judged, as a sentence without its full stop.
## .short is for a cell of the table; .file is said of a saved file.

reason-unauthorized = the phone hasn't allowed this computer yet
    .short = not allowed yet
reason-auth_refused = Allow wasn't tapped on the phone in time, or was refused
    .short = not allowed in time
reason-authorizing = the phone is still connecting
    .short = still connecting
reason-no_permission = this computer isn't allowed to open the phone's USB connection
    .short = no USB permission
reason-offline = the phone is listed but doesn't answer
    .short = offline
reason-wrong_mode = the phone is in recovery or fastboot, not in Android
    .short = recovery or fastboot
reason-usb_debugging_off = USB debugging is off
    .short = USB debugging off
reason-usb_busy = another program is using the phone's USB connection
    .short = USB in use
reason-driver_missing = Windows has no driver for the phone
    .short = driver missing
reason-unsupported_interface = the phone offers a USB interface that micheck can't use
    .short = unknown interface
reason-bad_key = this computer's ADB key can't be used
    .short = ADB key unusable
reason-ambiguous_serial = two phones have this serial number, and this adb can't tell them apart
    .short = serial not unique
reason-worker_failed = an internal error in micheck stopped the check
    .short = error in micheck
reason-resource_limit = this computer doesn't let micheck open more connections
    .short = computer at its limit
reason-unreachable = no phone answers at this address
    .short = no phone there
reason-server_lost = the adb server can't be reached
    .short = adb server gone
reason-disconnected = the phone was unplugged, or its connection broke
    .short = connection lost
reason-timeout = the phone didn't finish its answer in time
    .short = no answer in time
reason-answer_too_large = the phone's answer was far too large
    .short = answer too large
    .file = the file is far too large
reason-incomplete_answer = the phone's answer was cut off, or parts of it are missing
    .short = answer cut off
    .file = what the file says about the app is cut off, or parts of it are missing
reason-ambiguous_dump = the phone's answer contradicts itself, or may be forged
    .short = contradictory answer
    .file = what the file says about the app contradicts itself, or may be forged
reason-all_apps_dump = a dump of all apps can show a risk, but not that a phone is fine: any app can write anything into it
    .short = dump of all apps
reason-still_booting = the phone is still starting
    .short = still starting
reason-service_unavailable = the phone's package service didn't answer
    .short = phone not ready
reason-denied = the phone refused to show the app's version
    .short = phone refused
reason-dump_timed_out = the phone's package service took too long
    .short = phone too slow
reason-unreadable_version = the app is installed, but its version can't be read
    .short = version unreadable
reason-unreadable_answer = the phone's answer isn't in a known format
    .short = answer unreadable
    .file = the file isn't in a known format
reason-not_a_dump = the file holds no package dump
    .short = not a dump
reason-not_read = the file, or something in it, wasn't read
    .short = not read
reason-not_seen = the app wasn't seen, but that doesn't prove that it isn't there
    .short = not seen
reason-not_recorded = the record doesn't say enough about this app on this phone
    .short = not recorded

## Notes: sentences without their full stop.

note-factory_version_vulnerable = A factory reset or "Uninstall updates" puts this phone at risk again: update the app after it
note-factory_version_unknown = After a factory reset, or "Uninstall updates", check this phone again: the factory copy of the app isn't known to be fixed
note-disabled = The app is switched off: that helps, but it isn't a fix
note-other_users_only = The app isn't in the owner's profile, but in another user's or in another space of this phone
note-data_kept = The app was removed, but its data was kept
note-updater_missing = The apps that could update it (system apps updater, store) aren't on this phone
note-listed_in_checkin = The bug report says elsewhere (CHECKIN PACKAGE) that the app is on the phone, but not in which version
note-adb_on_network = ADB is open to the network: any computer that this phone has allowed can connect, and others can ask to be allowed
note-adb_on_network_unpatched = ADB is open to the network, and this phone lacks the fix for CVE-2026-0073: anyone on the same network may get into the phone without being allowed
note-custom_rom = A Xiaomi phone without Xiaomi's system: menus may have other names
note-simulated = Simulated: not a real phone

## Said wherever a risk is.

risk-nearby = An attacker must be nearby, on the same network; this doesn't mean that the phone was hacked.
risk-anywhere = This doesn't mean that the phone was hacked.
