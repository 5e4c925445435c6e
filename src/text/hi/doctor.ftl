### micheck doctor.

## The parts of the page.

section-computer = यह कंप्यूटर
section-adb_server = adb सर्वर
section-usb = USB
section-phones = फ़ोन
section-advisories = सुरक्षा सूचनाएँ

## The outcome.

checkup-well = कोई समस्या नहीं
checkup-notes =
    { $notes ->
        [1] कोई समस्या नहीं, 1 नोट
       *[other] कोई समस्या नहीं, { $notes } नोट
    }
problems =
    { $count ->
        [1] 1 समस्या
       *[other] { $count } समस्याएँ
    }
checkup-both =
    { $notes ->
        [1] { $problems }, 1 नोट
       *[other] { $problems }, { $notes } नोट
    }

## What was found, as sentences without their full stop. $it is a file, or an address.

check-adb_program_found = adb इंस्टॉल है ({ $it })
check-adb_program_missing = adb इंस्टॉल नहीं है; micheck को उसकी ज़रूरत नहीं
check-key_usable = इस कंप्यूटर की ADB key काम कर रही है ({ $it })
check-key_missing = इस कंप्यूटर की अभी कोई ADB key नहीं है; ज़रूरत पड़ने पर बन जाएगी ({ $it })
check-key_open_to_others = इस कंप्यूटर के दूसरे यूज़र इसकी ADB key पढ़ सकते हैं, और उससे उन फ़ोन तक पहुँच सकते हैं जिन पर इस कंप्यूटर को अनुमति मिली है ({ $it })
check-key_old_form = इस कंप्यूटर की ADB key पुराने फ़ॉर्मैट PKCS#1 में है ({ $it })
check-key_unreadable = इस कंप्यूटर की ADB key पढ़ी नहीं जा सकती ({ $it })
check-key_invalid = इस कंप्यूटर की ADB key 2,048 बिट की RSA key नहीं है ({ $it })
check-key_unknown = इस कंप्यूटर की ADB key समय पर नहीं पढ़ी जा सकी ({ $it })
check-key_without_home = इस यूज़र का कोई होम फ़ोल्डर नहीं है, जिसमें ADB key रखी जा सके
check-udev_rule_found = फ़ोन खोलने की अनुमति देने वाला udev नियम मौजूद है ({ $it })
check-udev_rule_missing = फ़ोन के लिए कोई udev नियम नहीं मिला: उसके बिना फ़ोन सिर्फ़ root खोल सकता है
check-udev_rule_not_needed = micheck root के तौर पर चल रहा है, जो हर फ़ोन खोल सकता है
check-server_runs = { $it } पर adb सर्वर चल रहा है{ $version }{ $holder }; उसकी सूची में { $phones }
check-server_old = { $it } पर adb सर्वर चल रहा है, पर पुराना है{ $version }{ $holder }: एक ही सीरियल नंबर वाले दो फ़ोन उसे एक ही लगते हैं। उसकी सूची में { $phones }
check-server_not_running = { $it } पर कोई adb सर्वर नहीं चल रहा; micheck उसके बिना, USB से ही फ़ोन की जाँच करता है
check-server_unreachable = { $it } पर कोई adb सर्वर जवाब नहीं दे रहा
check-server_silent = { $it } पर जो प्रोग्राम चल रहा है{ $holder }, वह adb सर्वर की तरह जवाब नहीं देता
check-server_not_adb = { $it } पर जो प्रोग्राम जवाब दे रहा है{ $holder }, वह adb सर्वर नहीं है
check-server_refuses = { $it } का adb सर्वर अपने फ़ोन की सूची देने से मना कर रहा है
check-server_elsewhere = { $it } इस कंप्यूटर पर नहीं है। ADB में कोई पासवर्ड नहीं होता: जो भी उस पोर्ट तक पहुँच जाए, वह फ़ोन को कंट्रोल कर सकता है। SSH टनल का इस्तेमाल करें
check-usb_unknown = USB पर क्या लगा है, यह देखा नहीं जा सकता
check-usb_empty = फ़ोन जैसा कुछ भी लगा हुआ नहीं है
check-usb_phone_listed = { $phone } लगा है, और adb सर्वर की सूची में है
check-usb_phone_ready = { $phone } लगा है, और micheck इसकी जाँच कर सकता है
check-usb_phone_unlisted = { $phone } लगा है, पर adb सर्वर की सूची में नहीं है; micheck इसकी जाँच सर्वर के बिना करता है
check-usb_phone_not_ready = { $phone }: { $reason }{ $holder }
check-usb_phone_slow = { $phone } का कनेक्शन धीमा है: केबल या पोर्ट घिस चुका है, या इस काम के लायक नहीं है
check-hub_slow = { $hub } धीमा है, और इसलिए इस पर लगे { $phones } भी
check-hub_underpowered = { $hub } की अपनी पावर सप्लाई नहीं है: यह { $given } mA दे सकता है, जबकि इस पर लगे { $phones } को { $wanted } mA तक चाहिए
check-hub_crowded = { $hub } की अपनी पावर सप्लाई नहीं है, और इस पर { $phones } लगे हैं
check-phone_ready = { $phone } की जाँच हो सकती है
check-phone_not_ready = { $phone }: { $reason }
check-no_phone = कोई फ़ोन नहीं मिला
check-advisories_current = micheck में शामिल सुरक्षा सूचनाएँ (सेट { $it }) { $date } की हैं
check-advisories_ageing = micheck में शामिल सुरक्षा सूचनाएँ (सेट { $it }) { $date } की हैं, यानी { $days } दिन पुरानी: हो सकता है, नई सूचनाएँ आ चुकी हों
check-advisories_old = micheck में शामिल सुरक्षा सूचनाएँ (सेट { $it }) { $date } की हैं, यानी { $days } दिन पुरानी: इन पर भरोसा नहीं किया जा सकता
check-advisories_from_future = micheck में शामिल सुरक्षा सूचनाएँ (सेट { $it }) { $date } की हैं, और इस कंप्यूटर के हिसाब से यह तारीख़ अभी आई ही नहीं

## Parts of these sentences.

server-version = , वर्ज़न { $version }
holder = { "" } ({ $name }, प्रोसेस { $process })
no-phones = कोई फ़ोन नहीं
usb-phones-listed = { $phones } लगे हैं, और adb सर्वर की सूची में हैं
hub = { $port } पर लगा { $name }
unnamed-hub = हब
usb-port = USB पोर्ट { $path }
