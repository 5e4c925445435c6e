### micheck fix, and what the board says of the same.

## Screens that lead to an update.

unknown-route = कोई स्क्रीन
route-system_apps_updater = सिस्टम ऐप अपडेटर (System apps updater)
route-getapps_updates = GetApps, अपडेट
route-getapps_page = GetApps, इस ऐप का पेज
route-app_store_updates = App Store, अपडेट
route-app_store_page = App Store, इस ऐप का पेज
route-indus_appstore = Indus Appstore
route-google_play_page = Google Play, इस ऐप का पेज
route-system_update = सिस्टम अपडेट
route-system_update_by_google = Google का सिस्टम अपडेट

## What the phone answered, as the end of a line.

answer-requested = खोलने को कहा गया
answer-brought_to_front = खोलने को कहा गया; पहले से खुला था
answer-does_not_exist = इस फ़ोन में नहीं है
answer-unresolved = इस फ़ोन का कोई ऐप इसे नहीं खोलता
answer-denied = यह फ़ोन इसकी अनुमति नहीं देता
answer-not_started = इस फ़ोन ने इसे नहीं खोला
answer-no_answer = कोई जवाब नहीं
answer-unreadable = जवाब समझ में नहीं आया

## Before anything is asked for.

fix-plan = { $count ->
    [one] micheck इस फ़ोन को अपना ऐप अपडेटर दिखाने को कहेगा। इससे कोई सेटिंग नहीं बदलती और कुछ इंस्टॉल नहीं होता: "अपडेट करें" (Update) पर मालिक टैप करता है। अपडेट फ़ोन के इंटरनेट से आता है; Wi-Fi बेहतर है।
   *[other] micheck इन { $count } फ़ोन को अपना ऐप अपडेटर दिखाने को कहेगा। इससे कोई सेटिंग नहीं बदलती और कुछ इंस्टॉल नहीं होता: "अपडेट करें" (Update) पर मालिक टैप करता है। अपडेट फ़ोन के इंटरनेट से आता है; Wi-Fi बेहतर है।
}
fix-plan-system = micheck इस फ़ोन को अपना सिस्टम अपडेट दिखाने को कहेगा। इससे कोई सेटिंग नहीं बदलती और कुछ इंस्टॉल नहीं होता: फ़ैसला मालिक का है। अपडेट फ़ोन के इंटरनेट से आता है; Wi-Fi बेहतर है।
fix-more = … और { $count }
fix-ask = { $count ->
    [one] क्या इसे कहें? [y/N]
   *[other] क्या इन्हें कहें? [y/N]
}
fix-declined = किसी फ़ोन को कुछ दिखाने को नहीं कहा गया।
fix-nothing = किसी फ़ोन को अपडेट की ज़रूरत नहीं।
fix-nobody = किसी फ़ोन से अपना अपडेटर दिखाने को नहीं कहा जा सकता।
fix-not-at-risk = { $phone } को अपडेट की ज़रूरत नहीं।
fix-cannot = { $phone } को अपडेट चाहिए, पर अभी उससे कुछ कहा नहीं जा सकता: { $why }
fix-not-checked = { $phone } की जाँच नहीं हुई: { $why }
fix-not-told-apart = यह नहीं बताता कि यह कौन-सा फ़ोन है, और इसके पते पर कोई दूसरा फ़ोन हो सकता है

## What happens, a line each.

fix-try = { $phone }: { $screen }: { $answer }
fix-look = { $phone }: { $screen } खोलने को कहा गया। फ़ोन अनलॉक करके देखें और "अपडेट करें" (Update) पर टैप करें।
fix-look-system = { $phone }: { $screen } खोलने को कहा गया। फ़ोन अनलॉक करके देखें, फिर अपडेट डाउनलोड करके इंस्टॉल करें।
fix-no-screen = { $phone }: इसकी कोई अपडेट स्क्रीन नहीं खुल सकी। फ़ोन पर: { $step }
fix-no-answer = { $phone }: कोई जवाब नहीं। फ़ोन अनलॉक करके देखें: स्क्रीन खुली हो सकती है।
fix-blocked = { $phone }: { $why }
fix-away = { $phone }: { $how }; { $time } तक इसके लौटने का इंतज़ार
fix-away-unplugged = निकाल लिया गया
fix-away-network = कनेक्शन टूट गया
fix-away-server = adb सर्वर बंद हो गया
fix-away-another = अब वहाँ दूसरा फ़ोन है
fix-removed = { $phone }: { $before } → ऐप अब नहीं है
fix-last-seen = { $phone }: पिछली जाँच में { $version } था, उसके बाद जाँच नहीं हुई: { $why }
fix-still-at-risk = { $phone }: { $before } → { $after }, पर ख़ामी अब भी बाकी
fix-updated = { $phone }: { $before } → { $after }, अपडेट हो गया
fix-back = { $phone }: वापस लगाया गया
fix-still = { $phone }: अब भी { $version }; कोई अपडेट नहीं आया

fix-allow = { $names } को अनलॉक करके "अनुमति दें" (Allow) पर टैप करें

## What is waited for, while it is.

fix-waits = { $clock } से इंतज़ार ({ $screen })
fix-waits-look = जवाब नहीं: इसकी स्क्रीन देखें
fix-none-taken = ख़ुद अपडेट करें
fix-not-asked = नहीं कहा गया

fix-waits-request = फ़ोन से कहा जा रहा है
fix-done = { $version } पर अपडेट हो गया
fix-left = { $count } में से { $updated } अपडेट हुए · { $time } बाकी · Ctrl-C से ख़त्म

## When it is over.

fix-interrupted-updated = अपडेट हो गए: { $names }।
fix-interrupted = बीच में रोका गया। इनसे कहा गया, पर अपडेट अभी नहीं हुआ: { $names }। इन फ़ोन की बाद में दोबारा जाँच करें।
fix-interrupted-asking = इनसे कहते समय बीच में रोका गया, इसलिए ये अपना अपडेटर दिखा सकते हैं: { $names }।
fix-interrupted-nothing = बीच में रोका गया। किसी फ़ोन से कुछ नहीं कहा गया।

fix-evidence-too-large = चेतावनी: { $count } जवाबों का सबूत नहीं रखा गया: सब मिलाकर 256 MiB से ज़्यादा है
fix-head = पहले और बाद में
fix-row-after = { $before } → { $after }
fix-checked = जाँच { $then } और { $now }
fix-row-same = { $before }, अभी कोई अपडेट नहीं
fix-requested = { $screen } खोलने को कहा गया
fix-asked = कहा गया, जवाब नहीं
fix-none-requested = कुछ नहीं खुल सका

## On the board.

updater-shown = अनलॉक करके "अपडेट करें" (Update) पर टैप करें ({ $screen }, { $clock })
requests-head = { $clock } पर यह दिखाने को कहा गया

ask-updaters = { $count ->
    [one] 1 फ़ोन को अपना ऐप अपडेटर दिखाने को कहें? (y: हाँ, कोई और कुंजी: नहीं) कुछ बदलता या इंस्टॉल नहीं होता; "अपडेट करें" (Update) पर मालिक टैप करता है।
   *[other] { $count } फ़ोन को अपना ऐप अपडेटर दिखाने को कहें? (y: हाँ, कोई और कुंजी: नहीं) कुछ बदलता या इंस्टॉल नहीं होता; "अपडेट करें" (Update) पर मालिक टैप करता है।
}
updaters-asked = { $count ->
    [one] 1 फ़ोन को अपना ऐप अपडेटर दिखाने को कहा जा रहा है। अनलॉक करके देखें।
   *[other] { $count } फ़ोन को अपना ऐप अपडेटर दिखाने को कहा जा रहा है। अनलॉक करके देखें।
}
nothing-to-update = इस फ़ोन से नहीं कहा जा सकता: इसमें ख़तरा नहीं है, या यह अभी तैयार नहीं।
updater-unanswered = इसकी स्क्रीन देखें: अपडेटर खुला हो सकता है ({ $clock })
updater-not-shown = { $clock }: इसका अपडेटर नहीं खुल सका
key-updater = अपडेटर दिखाएँ
    .help = चुना हुआ फ़ोन ख़तरे में हो, तो उसे अपना ऐप अपडेटर दिखाने को कहें
key-updaters = सबके अपडेटर
    .help = ख़तरे वाले सभी फ़ोन से यही कहें; पहले आपसे पूछा जाता है
