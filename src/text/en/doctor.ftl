### micheck doctor.

## The parts of the page.

section-computer = This computer
section-adb_server = adb server
section-usb = USB
section-phones = Phones
section-advisories = Advisories

## The outcome.

checkup-well = No problems
checkup-notes =
    { $notes ->
        [1] No problems, 1 note
       *[other] No problems, { $notes } notes
    }
problems =
    { $count ->
        [1] 1 problem
       *[other] { $count } problems
    }
checkup-both =
    { $notes ->
        [1] { $problems }, 1 note
       *[other] { $problems }, { $notes } notes
    }

## What was found, as sentences without their full stop. $it is a file, or an address.

check-adb_program_found = adb is installed ({ $it })
check-adb_program_missing = adb isn't installed; micheck doesn't need it
check-key_usable = This computer's ADB key is usable ({ $it })
check-key_missing = This computer has no ADB key yet; one is made when it is needed ({ $it })
check-key_open_to_others = Other users of this computer can read its ADB key, and use it on phones that allow this computer ({ $it })
check-key_old_form = This computer's ADB key is in an old format, PKCS#1 ({ $it })
check-key_unreadable = This computer's ADB key can't be read ({ $it })
check-key_invalid = This computer's ADB key isn't an RSA key of 2,048 bits ({ $it })
check-key_unknown = This computer's ADB key couldn't be read in time ({ $it })
check-key_without_home = This user has no home folder to keep an ADB key in
check-udev_rule_found = A udev rule gives access to phones ({ $it })
check-udev_rule_missing = No udev rule for phones was found: without one, only root can open them
check-udev_rule_not_needed = micheck is running as root, which can open every phone
check-server_runs = The adb server at { $it } is running{ $version }{ $holder }; it lists { $phones }
check-server_old = The adb server at { $it } is running, but is old{ $version }{ $holder }: it takes two phones with the same serial number for one. It lists { $phones }
check-server_not_running = No adb server is running at { $it }; micheck checks phones over USB without one
check-server_unreachable = No adb server answers at { $it }
check-server_silent = What listens at { $it } doesn't answer like an adb server{ $holder }
check-server_not_adb = What answers at { $it } isn't an adb server{ $holder }
check-server_refuses = The adb server at { $it } refuses to list its phones
check-server_elsewhere = { $it } isn't on this computer. ADB has no password: anyone who can reach that port controls the phones. Use an SSH tunnel
check-usb_unknown = The USB bus can't be read
check-usb_empty = Nothing that looks like a phone is plugged in
check-usb_phone_listed = { $phone } is plugged in, and the adb server lists it
check-usb_phone_ready = { $phone } is plugged in, and micheck can check it
check-usb_phone_unlisted = { $phone } is plugged in, but the adb server doesn't list it; micheck checks it without the server
check-usb_phone_not_ready = { $phone }: { $reason }{ $holder }
check-usb_phone_slow = { $phone } has a slow connection: the cable or the port is worn or unsuitable
check-hub_slow = { $hub } is slow, and slows down { $phones } on it
check-hub_underpowered = { $hub } has no power supply of its own: it can give { $given } mA, and { $phones } may draw { $wanted } mA
check-hub_crowded = { $hub } has no power supply of its own, and carries { $phones }
check-phone_ready = { $phone } can be checked
check-phone_not_ready = { $phone }: { $reason }
check-no_phone = No phone was found
check-advisories_current = The built-in advisories (set { $it }) are from { $date }
check-advisories_ageing = The built-in advisories (set { $it }) are from { $date }, { $days } days ago: there may be newer ones
check-advisories_old = The built-in advisories (set { $it }) are from { $date }, { $days } days ago: too old to rely on
check-advisories_from_future = The built-in advisories (set { $it }) are from { $date }, which is in the future by this computer's date

## Parts of these sentences.

server-version = , version { $version }
holder = { "" } ({ $name }, process { $process })
no-phones = no phone
usb-phones-listed = { $phones } are plugged in, and the adb server lists them
hub = The { $name } at { $port }
unnamed-hub = hub
usb-port = USB port { $path }
