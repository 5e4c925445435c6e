### What stands around the verdicts: the table, files, the progress line, what is said when no phone is there.

## What was recognised in a file.

form-dumpsys_package = dumpsys package, one app
form-dumpsys_packages = dumpsys package, all apps
form-pm_dump = pm dump
form-dumpsys = dumpsys, all services
form-bug_report = bug report
form-getprop = getprop only, no dump of any app
form-collection = dumpsys and getprop
form-evidence = kept evidence
form-unrecognized = not recognised

## Likely reasons that no phone was found, as sentences without their full stop.

hint-adb_missing = adb isn't installed: install Android's platform-tools (Debian, Ubuntu: sudo apt-get install adb), then run: adb start-server
hint-adb_server_not_running = The adb server isn't running: run adb start-server
hint-xiaomi_on_usb = A Xiaomi device is plugged in, but adb doesn't list it: see the next point, then unplug it and plug it in again
hint-charge_only_cable = No phone is plugged in, or its cable only charges: try another cable or port
hint-usb_debugging_off = USB debugging is off: Settings → About phone → tap the "MIUI version" (HyperOS: "OS version") 7 times; then Settings → Additional settings → Developer options → USB debugging
hint-driver_missing = Windows has no driver for the phone: install Google's USB driver
hint-run_doctor = To find out what is wrong: micheck doctor
hint-try_demo = To try micheck without a phone: micheck scan --demo

# A sentence with its full stop.
sentence = { $text }.

## The table

# What stands for the name where a file holds no phone.
unrecognised-file = no phone in it
unread-file = not read
# The mark on everything that shows simulated phones.
demo = DEMO: simulated phones, not real ones
# One line of what to do, where nothing is.
brief-nothing = Nothing to do.
# The head of the fourth column where several apps were looked at.
apps-column = APPS
# Said when there is no phone at all.
no-phone = No phone was found. The likely reasons:
# What stands for the name where a person typed the version.
typed-by-a-person = typed by hand
# What stands for the name in the row of a server that couldn't be asked.
lost-server = adb server
# A phone that doesn't say what it is.
unnamed-phone = unknown phone
# The heads of the table's columns.
column-result = RESULT
column-phone = PHONE
column-system = SYSTEM
column-version = VERSION OR REASON
column-serial = SERIAL
column-file = FILE
# How many apps of a phone must be updated.
apps-to-update = { $count } to update
# The number of phones, for the summary line.
phones =
    { $count ->
        [1] 1 phone
       *[other] { $count } phones
    }
# Servers that couldn't be asked, for the summary line.
lost-servers =
    { $count ->
        [1] 1 adb server not reached
       *[other] { $count } adb servers not reached
    }
# The phone's serial number, in a phone's block.
serial = serial { $serial }
# The server that holds a phone, in a phone's block.
server = adb server { $server }
# The file that a phone was read from, in a phone's block.
file = file { $file }
file-entry = file { $file }, in it { $entry }
# When a file says that it was made.
made = made { $at }

## While a scan runs

looking = Looking for phones
checked-of = { $done } of { $phones } checked
allow-on = unlock { $names } and tap Allow ({ $seconds } s left)
asking = checking { $names } ({ $seconds } s)
# The warning about a server on another computer.
server-elsewhere = warning: { $server } isn't on this computer. ADB has no password: anyone who can reach that port controls the phones. Use an SSH tunnel.
usb-unseen = can't read the USB bus: { $why }
line-broken-off = { $file }: line { $line } is cut off and was left out; what it said of a phone is missing
# Where a file was written without anybody naming it.
written-to = Written to { $file }
advisory-replaced = { $id } is judged by { $file }, not by the built-in advisory
advisory-replaced-narrower = { $id } is judged by { $file }, not by the built-in advisory, which covers more versions or more packages
events-lost = { $file }: { $count } events before line { $line } were never written; earlier verdicts no longer count, unless they show a risk
