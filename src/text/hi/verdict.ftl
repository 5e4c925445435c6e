### Verdicts, reasons and notes.

## Verdicts: what each means, as the end of a sentence that its word begins.
## .word stands alone, in capitals; .count is for the summary line; .several: where several apps were looked at.

verdict-vulnerable = अभी अपडेट करें
    .word = ख़तरा है
    .count = { $count } में ख़तरा
verdict-unconfirmed = इस वर्ज़न में ख़ामी ठीक होने की पुष्टि नहीं
    .word = अपडेट ज़रूरी है
    .count = { $count } में अपडेट ज़रूरी
verdict-unknown =
    .word = जाँच नहीं हुई
    .count = { $count } की जाँच नहीं हुई
verdict-patched = रिपोर्ट के अनुसार इस वर्ज़न में ख़ामी ठीक
    .word = अपडेट हो चुका है
    .count = { $count } में अपडेट हो चुका
verdict-not_installed = यह ऐप इस फ़ोन में नहीं है (इंस्टॉल भी न करें)
    .word = ऐप नहीं है
    .count = { $count } में ऐप नहीं
    .several = इनमें से कोई ऐप इस फ़ोन में नहीं है (इंस्टॉल भी न करें)
verdict-not_applicable = यह ऐप इस डिवाइस में नहीं है
    .word = Xiaomi फ़ोन नहीं
    .count = { $count } दूसरी कंपनी का
    .several = इनमें से कोई ऐप इस डिवाइस में नहीं है

## Why a phone couldn't be judged, as a sentence without its full stop.
## .short is for a cell of the table; .file is said of a saved file.

reason-unauthorized = फ़ोन पर इस कंप्यूटर को अभी अनुमति नहीं मिली है
    .short = अभी अनुमति नहीं
reason-auth_refused = फ़ोन पर किसी ने इस कंप्यूटर को अनुमति नहीं दी: मना कर दिया, या समय पर जवाब नहीं दिया
    .short = समय पर अनुमति नहीं
reason-authorizing = फ़ोन अभी कनेक्ट हो रहा है
    .short = कनेक्ट हो रहा है
reason-no_permission = इस कंप्यूटर को फ़ोन का USB कनेक्शन खोलने की अनुमति नहीं है
    .short = USB की अनुमति नहीं
reason-offline = फ़ोन सूची में है, पर जवाब नहीं दे रहा
    .short = ऑफ़लाइन
reason-wrong_mode = फ़ोन Android में नहीं, रिकवरी या फ़ास्टबूट मोड में है
    .short = Android में नहीं
reason-usb_debugging_off = USB डीबगिंग बंद है
    .short = USB डीबगिंग बंद
reason-usb_busy = कोई दूसरा प्रोग्राम फ़ोन का USB कनेक्शन इस्तेमाल कर रहा है
    .short = USB इस्तेमाल में है
reason-driver_missing = Windows में इस फ़ोन का ड्राइवर नहीं है
    .short = ड्राइवर नहीं है
reason-unsupported_interface = फ़ोन का USB इंटरफ़ेस micheck इस्तेमाल नहीं कर सकता
    .short = अनजान इंटरफ़ेस
reason-bad_key = इस कंप्यूटर की ADB key काम नहीं कर रही
    .short = ADB key काम नहीं कर रही
reason-ambiguous_serial = दो फ़ोन का सीरियल नंबर एक ही है, और यह adb उनमें फ़र्क नहीं कर पाता
    .short = सीरियल नंबर एक जैसा
reason-worker_failed = micheck में अंदरूनी गड़बड़ी हुई, जाँच रुक गई
    .short = micheck में गड़बड़ी
reason-resource_limit = यह कंप्यूटर micheck को और कनेक्शन खोलने नहीं दे रहा
    .short = कंप्यूटर की सीमा पूरी
reason-unreachable = इस पते पर कोई फ़ोन जवाब नहीं दे रहा
    .short = वहाँ फ़ोन नहीं
reason-server_lost = adb सर्वर से संपर्क नहीं हो पा रहा
    .short = adb सर्वर नहीं मिला
reason-disconnected = फ़ोन निकाल लिया गया, या उसका कनेक्शन टूट गया
    .short = कनेक्शन टूटा / निकाला गया
reason-timeout = फ़ोन ने समय पर पूरा जवाब नहीं दिया
    .short = समय पर जवाब नहीं
reason-answer_too_large = फ़ोन का जवाब हद से ज़्यादा बड़ा था
    .short = जवाब बहुत बड़ा
    .file = फ़ाइल हद से ज़्यादा बड़ी है
reason-incomplete_answer = फ़ोन का जवाब बीच में कट गया, या उसके कुछ हिस्से गायब हैं
    .short = जवाब अधूरा
    .file = फ़ाइल में ऐप की जानकारी बीच में कटी हुई है, या उसके कुछ हिस्से गायब हैं
reason-ambiguous_dump = फ़ोन के जवाब की बातें आपस में मेल नहीं खातीं, या जवाब जाली हो सकता है
    .short = जवाब बेमेल
    .file = फ़ाइल में ऐप के बारे में लिखी बातें आपस में मेल नहीं खातीं, या जाली हो सकती हैं
reason-all_apps_dump = सभी ऐप का डंप ख़तरा तो दिखा सकता है, पर यह नहीं कि फ़ोन ठीक है: उसमें कोई भी ऐप कुछ भी लिख सकता है
    .short = सभी ऐप का डंप
reason-still_booting = फ़ोन अभी चालू हो रहा है
    .short = चालू हो रहा है
reason-service_unavailable = फ़ोन की पैकेज सर्विस ने जवाब नहीं दिया
    .short = फ़ोन तैयार नहीं
reason-denied = फ़ोन ने ऐप का वर्ज़न दिखाने से मना कर दिया
    .short = फ़ोन ने मना किया
reason-dump_timed_out = फ़ोन की पैकेज सर्विस ने बहुत देर लगाई
    .short = फ़ोन बहुत धीमा
reason-unreadable_version = ऐप इंस्टॉल है, पर उसका वर्ज़न पढ़ा नहीं जा सकता
    .short = वर्ज़न पढ़ा नहीं गया
reason-unreadable_answer = फ़ोन का जवाब किसी जाने-पहचाने फ़ॉर्मैट में नहीं है
    .short = जवाब समझ नहीं आया
    .file = फ़ाइल किसी जाने-पहचाने फ़ॉर्मैट में नहीं है
reason-not_a_dump = फ़ाइल में कोई पैकेज डंप नहीं है
    .short = डंप नहीं है
reason-not_read = फ़ाइल, या उसके अंदर की कोई चीज़, पढ़ी नहीं गई
    .short = पढ़ी नहीं गई
reason-not_seen = ऐप दिखा नहीं, पर इससे यह साबित नहीं होता कि वह फ़ोन में नहीं है
    .short = ऐप दिखा नहीं
reason-not_recorded = रिकॉर्ड में इस फ़ोन के इस ऐप की काफ़ी जानकारी नहीं है
    .short = रिकॉर्ड में नहीं

## Notes: sentences without their full stop.

note-factory_version_vulnerable = फ़ैक्ट्री रीसेट या "Uninstall updates" से फ़ोन फिर ख़तरे में आ जाएगा: उसके बाद ऐप दोबारा अपडेट करें
note-factory_version_unknown = फ़ैक्ट्री रीसेट या "अपडेट अनइंस्टॉल करें" (Uninstall updates) के बाद इस फ़ोन की दोबारा जाँच करें: ऐप की फ़ैक्ट्री कॉपी में ख़ामी ठीक है या नहीं, यह पता नहीं
note-disabled = ऐप बंद किया हुआ है: इससे ख़तरा घटता है, पर ख़ामी ठीक नहीं होती
note-other_users_only = मालिक की प्रोफ़ाइल में यह ऐप नहीं है, पर इस फ़ोन के किसी दूसरे यूज़र या स्पेस में है
note-data_kept = ऐप हटा दिया गया था, पर उसका डेटा अब भी फ़ोन में है
note-updater_missing = इसे अपडेट करने वाले ऐप (सिस्टम ऐप अपडेटर, स्टोर) इस फ़ोन में नहीं हैं
note-listed_in_checkin = बग रिपोर्ट में एक और जगह (CHECKIN PACKAGE) लिखा है कि यह ऐप फ़ोन में है, पर उसका वर्ज़न नहीं लिखा
note-adb_on_network = ADB नेटवर्क पर खुला है: जिन कंप्यूटरों को यह फ़ोन अनुमति दे चुका है, वे कनेक्ट हो सकते हैं, और दूसरे भी अनुमति माँग सकते हैं
note-adb_on_network_unpatched = ADB नेटवर्क पर खुला है, और इस फ़ोन में CVE-2026-0073 का सुधार नहीं है: उसी नेटवर्क पर मौजूद कोई भी बिना अनुमति के फ़ोन में घुस सकता है
note-custom_rom = फ़ोन Xiaomi का है, पर सिस्टम Xiaomi का नहीं: मेन्यू के नाम अलग हो सकते हैं
note-simulated = नमूना: यह असली फ़ोन नहीं है

## Said wherever a risk is.

risk-nearby = हमला वही कर सकता है जो आस-पास और उसी नेटवर्क पर हो; इसका मतलब यह नहीं कि फ़ोन हैक हो चुका है।
risk-anywhere = इसका मतलब यह नहीं कि फ़ोन हैक हो चुका है।
