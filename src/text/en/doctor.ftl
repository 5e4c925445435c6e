### micheck doctor.

## The parts of the page.

section-computer = This computer
section-adb_server = adb server
section-usb = USB
section-phones = Phones
section-advisories = Advisories

## The outcome.

checkup-well = All is well
checkup-notes =
    { $notes ->
        [1] No problem, 1 thing to know
       *[other] No problem, { $notes } things to know
    }
problems =
    { $count ->
        [1] 1 problem
       *[other] { $count } problems
    }
checkup-both =
    { $notes ->
        [1] { $problems }, 1 thing to know
       *[other] { $problems }, { $notes } things to know
    }

## What can be so, as sentences without their full stop. $it is a file, or an address.

check-adb_program_found = The program adb is there ({ $it })
check-adb_program_missing = The program adb isn't installed; micheck does without it
check-key_usable = This computer's ADB key can be used ({ $it })
check-key_missing = This computer has no ADB key yet; it is made when it is needed ({ $it })
check-key_open_to_others = Other users of this computer can read its ADB key, and with it use phones that allow this computer ({ $it })
check-key_old_form = This computer's ADB key is in an old form, PKCS#1 ({ $it })
check-key_unreadable = This computer's ADB key can't be read ({ $it })
check-key_invalid = The file of this computer's ADB key holds no RSA key of 2,048 bits ({ $it })
check-key_unknown = This computer's ADB key couldn't be looked at in time ({ $it })
check-key_without_home = This user has no home folder where an ADB key could lie
check-udev_rule_found = A udev rule gives access to phones ({ $it })
check-udev_rule_missing = No udev rule for phones was found: without one only root may open them
check-udev_rule_not_needed = micheck runs as root, who may open every phone
check-server_runs = The adb server at { $it } runs{ $version }{ $holder }; it lists { $phones }
check-server_old = The adb server at { $it } runs, but is old{ $version }{ $holder }: two phones with one serial number are one to it. It lists { $phones }
check-server_not_running = No adb server runs at { $it }; micheck asks phones over USB without one
check-server_unreachable = No adb server answers at { $it }
check-server_silent = What listens at { $it } doesn't answer like an adb server{ $holder }
check-server_not_adb = What answers at { $it } is no adb server{ $holder }
check-server_refuses = The adb server at { $it } refuses to list its phones
check-server_elsewhere = { $it } is not on this computer. ADB has no password: whoever reaches that port has the phones in hand. Use an SSH tunnel
check-usb_unknown = The USB bus can't be looked at
check-usb_empty = Nothing that looks like a phone is plugged in
check-usb_phone_listed = { $phone } is there, and the adb server has it
check-usb_phone_ready = { $phone } is there, and micheck can ask it
check-usb_phone_unlisted = { $phone } is there, but the adb server doesn't list it; micheck asks it without the server
check-usb_phone_not_ready = { $phone }: { $reason }{ $holder }
check-usb_phone_slow = { $phone } has a slow connection: the cable, or the port, is worn or unfit
check-hub_slow = { $hub } is slow, and with it { $phones } on it
check-hub_underpowered = { $hub } has no power supply of its own: it has { $given } mA for its phones, and { $phones } may draw { $wanted } mA
check-hub_crowded = { $hub } has no power supply of its own, and carries { $phones }
check-phone_ready = { $phone } can be asked
check-phone_not_ready = { $phone }: { $reason }
check-no_phone = No phone was found
check-advisories_current = The built-in advisories (set { $it }) are of { $date }
check-advisories_ageing = The built-in advisories (set { $it }) are of { $date }, { $days } days ago: there may be newer ones
check-advisories_old = The built-in advisories (set { $it }) are of { $date }, { $days } days ago: too old to be relied on
check-advisories_from_future = The built-in advisories (set { $it }) are of { $date }, which is still to come by this computer's date

## Parts of these sentences.

server-version = , version { $version }
holder = { "" } ({ $name }, process { $process })
no-phones = no phone
usb-phones-listed = { $phones } are there, and the adb server has them
hub = The { $name } at { $port }
unnamed-hub = hub
usb-port = USB port { $path }
