### What a person does next, as instructions without their full stop.

## .several: about several apps. .short: so that it has room on the board.

step-update_system_apps = सेटिंग (Settings) → सिस्टम ऐप अपडेटर (System apps updater) → सभी अपडेट करें
    .short = सिस्टम ऐप अपडेटर → सभी अपडेट करें
step-update_in_store = { $place } → "{ $app }" खोजकर अपडेट करें; वहाँ न मिले, तो सभी अपडेट इंस्टॉल करें
    .short = { $place } → ऐप अपडेट करें
    .several = { $place } → { $quoted } को एक-एक करके खोजें और अपडेट करें; कोई ऐप वहाँ न मिले, तो सभी अपडेट इंस्टॉल करें
step-update_in_google_play = Google Play: play.google.com/store/apps/details?id={ $package } (अगर वहाँ मिले)
    .short = Google Play → ऐप मिले, तो अपडेट करें
    .several = Google Play: { $links } (जो वहाँ मिलें)
step-update_system = सेटिंग → फ़ोन के बारे में (About phone) → MIUI या HyperOS वर्ज़न → अपडेट की जाँच करें (Check for updates)
    .short = फ़ोन के बारे में → अपडेट की जाँच करें
step-check_again = micheck दोबारा चलाएँ
    .after = यह हो जाने पर micheck दोबारा चलाएँ
step-owner_signs_in_again = ज़रूरी नहीं: फ़ोन के मालिक चाहें तो घर पर (पासवर्ड याद हो, बैकअप लिया हो) Xiaomi अकाउंट से लॉगआउट करके दोबारा लॉगिन करें (चेतावनी में यही सलाह है); इससे "डिवाइस ढूँढें" (Find device) बंद होता है और सिंक किया डेटा हट सकता है
    .short = मालिक घर पर लॉगआउट करके दोबारा लॉगिन करें
step-update_system_by_google = सेटिंग (Settings) → फ़ोन के बारे में (About phone) → MIUI या HyperOS के वर्ज़न पर टैप करें; Google का "सिस्टम अपडेट" (System update) खुलेगा: अपडेट देखें (Check for update), और जो मिले उसे इंस्टॉल करें
    .short = About phone → Google का सिस्टम अपडेट
step-no_update_yet = अपडेट नहीं मिला? इस फ़ोन का अपडेट अभी आया ही नहीं है: होटल, कैफ़े, स्टेशन के पब्लिक Wi-Fi से बचें और कुछ दिन बाद फिर देखें; किसी वेबसाइट से ऐप इंस्टॉल न करें
    .short = अपडेट नहीं आया: कुछ दिन बाद फिर देखें
step-close_network_debugging = जहाँ ADB नेटवर्क पर खुला है: डेवलपर के लिए विकल्प (Developer options) → वायरलेस डीबगिंग (Wireless debugging) → बंद, फिर फ़ोन रीस्टार्ट करें
    .short = वायरलेस डीबगिंग बंद करें, फिर रीस्टार्ट करें
step-revoke_debugging = काम पूरा होने पर: डेवलपर के लिए विकल्प (Developer options) → USB डीबग करने की अनुमति रद्द करें (Revoke USB debugging authorisations), फिर USB डीबगिंग (USB debugging) बंद करें
    .short = अनुमतियाँ रद्द करें, USB डीबगिंग बंद करें
step-allow_debugging = मालिक से फ़ोन अनलॉक करवाएँ, और "USB डीबगिंग की अनुमति दें?" (Allow USB debugging?) पर "अनुमति दें" (Allow) टैप करवाएँ; ग्राहक के फ़ोन पर "हमेशा अनुमति दें" (Always allow) पर निशान न लगाएँ; PIN न पूछें
    .short = मालिक अनलॉक करके "अनुमति दें" पर टैप करें
step-wait_for_person = micheck को --wait-auth 60s के साथ दोबारा चलाएँ, और जब तक फ़ोन अनुमति माँगे, उसे चलने दें
    .short = मालिक अनलॉक करके "अनुमति दें" पर टैप करें
step-pair_phone = वायरलेस डीबगिंग (Android 11 या उससे नया; सिर्फ़ तब, जब फ़ोन का सुरक्षा पैच मई 2026 या उसके बाद का हो): एक बार adb pair HOST:PORT से जोड़ें; पता, पोर्ट और कोड फ़ोन पर यहाँ दिखते हैं: डेवलपर के लिए विकल्प (Developer options) → वायरलेस डीबगिंग (Wireless debugging) → जोड़ने का कोड इस्तेमाल करके डिवाइस जोड़ें (Pair device with pairing code)
    .short = एक बार adb pair से जोड़ें (Enter: कैसे)
step-check_address = पता और पोर्ट जाँचें, जो फ़ोन पर यहाँ दिखते हैं: डेवलपर के लिए विकल्प (Developer options) → वायरलेस डीबगिंग (Wireless debugging); फ़ोन और कंप्यूटर एक ही नेटवर्क पर होने चाहिए
    .short = पता और पोर्ट जाँचें (Enter: कैसे)
step-allow_dialog_missing = सवाल नहीं आया? USB मोड को फ़ाइल ट्रांसफ़र (File transfer) पर रखें; या डेवलपर के लिए विकल्प (Developer options) → USB डीबग करने की अनुमति रद्द करें (Revoke USB debugging authorisations), फिर दोबारा लगाएँ
    .short = सवाल नहीं आया? USB मोड → फ़ाइल ट्रांसफ़र
step-enable_debugging = सेटिंग (Settings) → फ़ोन के बारे में (About phone) → "MIUI संस्करण" (MIUI version) पर 7 बार टैप करें, HyperOS में "OS संस्करण" (OS version) पर; फिर सेटिंग (Settings) → अतिरिक्त सेटिंग (Additional settings) → डेवलपर के लिए विकल्प (Developer options) → USB डीबगिंग (USB debugging); "USB डीबगिंग (सुरक्षा सेटिंग)" [USB debugging (Security settings)] और "USB के ज़रिए इंस्टॉल करें" (Install via USB) की ज़रूरत नहीं है
    .short = USB डीबगिंग चालू करें (Enter: कैसे)
step-install_udev_rule = Linux: micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules; sudo udevadm control --reload; adb सर्वर चल रहा हो, तो adb kill-server; फिर फ़ोन दोबारा लगाएँ
    .short = फ़ोन खोलने की अनुमति लें (Enter: कैसे)
step-wait_then_replug = कुछ सेकंड रुकें; फिर फ़ोन निकालें और दूसरी केबल या दूसरे पोर्ट से दोबारा लगाएँ
    .short = दूसरी केबल या दूसरे पोर्ट से दोबारा लगाएँ
step-replug = फ़ोन दोबारा लगाएँ; फिर वही हो, तो दूसरी केबल या दूसरा पोर्ट आज़माएँ
    .short = दूसरी केबल या दूसरे पोर्ट से दोबारा लगाएँ
step-restart_into_android = फ़ोन को Android में रीस्टार्ट करें: पावर बटन तब तक दबाए रखें, जब तक फ़ोन रीस्टार्ट न हो
    .short = रीस्टार्ट करें: पावर बटन दबाए रखें
step-wait_for_boot = फ़ोन पर लॉक स्क्रीन आने तक रुकें; फ़ोन अभी-अभी चालू हुआ हो, तो उसे एक बार अनलॉक करें
    .short = चालू होने तक रुकें; फिर अनलॉक करें
step-restart_phone = इससे काम न बने, तो फ़ोन रीस्टार्ट करें
    .short = फ़ोन रीस्टार्ट करें
step-close_other_program = दूसरा प्रोग्राम बंद करें (फ़ोन सुइट, फ़्लैश टूल, दूसरा adb); अगर वह adb सर्वर ही है, तो --via usb हटा दें
    .short = दूसरा प्रोग्राम बंद करें (Enter: कौन सा)
step-install_driver = फ़ोन के लिए Google का USB ड्राइवर (WinUSB) इंस्टॉल करें
    .short = Google का USB ड्राइवर (WinUSB) इंस्टॉल करें
step-update_adb = फ़ोन जिस कंप्यूटर में लगे हैं, उस पर adb अपडेट करें
    .short = फ़ोन वाले कंप्यूटर पर adb अपडेट करें
step-one_at_a_time = या ये फ़ोन एक-एक करके लगाएँ
    .short = ये फ़ोन एक-एक करके लगाएँ
step-start_server = adb सर्वर चालू करें: adb start-server
    .short = adb सर्वर चालू करें: adb start-server
step-raise_timeout = फ़ोन को और समय दें: --timeout 90s
    .short = और समय दें: --timeout 90s
step-read_version_by_hand = वर्ज़न फ़ोन पर देखें: सेटिंग (Settings) → ऐप (Apps) → ऐप प्रबंधित करें (Manage apps) → ⋮ सभी ऐप दिखाएँ (Show all apps) → { $app }{ $bound }
    .several = वर्ज़न फ़ोन पर देखें: सेटिंग (Settings) → ऐप (Apps) → ऐप प्रबंधित करें (Manage apps) → ⋮ सभी ऐप दिखाएँ (Show all apps) → { $names }; फिर हर एक की जाँच करें: micheck judge VERSION --advisory ID (ID यह दिखाता है: micheck advisories)
    .short = वर्ज़न फ़ोन पर देखें (Enter: कहाँ)
step-raise_limit = दूसरे प्रोग्राम बंद करें, या ज़्यादा फ़ाइलें खोलने की सीमा बढ़ाएँ (Linux और macOS पर इसी टर्मिनल में: `ulimit -n 1024`)
    .short = इस कंप्यूटर पर दूसरे प्रोग्राम बंद करें
step-repair_key = ~/.android/adbkey को पढ़ने लायक बनाएँ, या कहीं और रख दें: तब नई ADB key बन जाएगी
    .short = इस कंप्यूटर की ADB key ठीक करें (Enter: कैसे)
step-inspect_by_hand = ऐसा ही होता रहे, तो इस फ़ोन पर भरोसा न करें: देखें कि इसमें ऐसे ऐप तो नहीं, जो मालिक ने इंस्टॉल नहीं किए
    .short = इस फ़ोन पर भरोसा न करें (Enter: क्यों)
step-dump_again = डंप दोबारा सहेजें: adb shell dumpsys package { $package } > dump.txt
    .several = बग रिपोर्ट सहेजें: adb bugreport bugreport.zip
step-judge_version = अगर यह { $app } का वर्ज़न है, तो उसकी जाँच करें: micheck judge { $version }
step-protect_key = दूसरे यूज़र ADB key न पढ़ सकें, इसके लिए: chmod 600 ~/.android/adbkey
step-convert_key = ADB key को नए फ़ॉर्मैट में बदलें: openssl pkcs8 -topk8 -nocrypt -in ~/.android/adbkey -out adbkey.new – फिर adbkey.new को उसकी जगह रख दें
step-free_port = वह प्रोग्राम बंद करें; या अगर adb सर्वर का पता कोई और है, तो वह दें: --server 127.0.0.1:5038
step-restart_server = adb सर्वर दोबारा चालू करें: adb kill-server; adb start-server
step-try_cable = दूसरी केबल आज़माएँ (कुछ केबल से सिर्फ़ चार्जिंग होती है), और फ़ोन सीधे कंप्यूटर के पोर्ट में लगाएँ
step-faster_hub = फ़ोन इस हब के बिना लगाएँ, या USB 2.0 या उससे नया हब इस्तेमाल करें
step-powered_hub = अपनी पावर सप्लाई वाला हब इस्तेमाल करें, या कुछ फ़ोन कहीं और लगाएँ
step-update_micheck = micheck अपडेट करें: नई सुरक्षा सूचनाएँ उसी के साथ आती हैं
step-set_clock = कंप्यूटर की तारीख़ ठीक करें

# Where Xiaomi's apps are updated: not known which store, and each of them.
place-update_in_store = GetApps (चीन में: App Store; भारत में: Indus Appstore)
    .short = GetApps (या वहाँ का स्टोर)
place-update_in_getapps = GetApps
    .short = GetApps
place-update_in_indus_appstore = Indus Appstore (पहले GetApps)
    .short = Indus Appstore
place-update_in_app_store = App Store
    .short = App Store

# Stands for an app whose name isn't known.
the-app = यह ऐप

## Said to the phone's owner, on the sheet, instead of what the technician is told.

step-check_again-owner = फ़ोन की दोबारा जाँच करवाएँ
step-allow_debugging-owner = जाँच के समय फ़ोन अनलॉक करें और "USB डीबगिंग की अनुमति दें?" (Allow USB debugging?) के नीचे "अनुमति दें" (Allow) पर टैप करें; इसके लिए किसी को आपके PIN की ज़रूरत नहीं होती
step-revoke_debugging-owner = सब हो जाने पर: डेवलपर के लिए विकल्प (Developer options) → USB डीबग करने की अनुमति रद्द करें (Revoke USB debugging authorisations), फिर USB डीबगिंग (USB debugging) बंद करें
step-owner_signs_in_again-owner = आप चाहें तो घर पर Xiaomi अकाउंट से लॉगआउट करके दोबारा लॉगिन करें (चेतावनी में यही सलाह है); तभी, जब पासवर्ड याद हो और बैकअप लिया हो, क्योंकि इससे "डिवाइस ढूँढें" (Find device) बंद हो जाता है और सिंक किया हुआ डेटा हट सकता है
