### The board of micheck watch.

# Said of a phone that couldn't be judged and is asked again.
asked-again-by-itself = लगा रहने दें: दोबारा जाँच अपने आप होगी
# Said of a phone that couldn't be judged and isn't asked again.
press-r = दोबारा जाँच के लिए r दबाएँ (Enter: और क्या करें)
# The head of the page about the keys.
help-head = micheck watch
# Said of a phone without a port that is to get a name.
no-port = पता नहीं कि यह फ़ोन किस पोर्ट में लगा है, इसलिए पोर्ट को नाम नहीं दिया जा सकता।
# Said of a phone that can't be asked because it isn't there.
not-there = यह फ़ोन लगा हुआ नहीं है।
# Stands for a version where there is no app.
no-app = ऐप नहीं
# The last step on a phone that is finished and closed.
unplug-it = काम पूरा: फ़ोन निकाल लें
# The last steps on a phone that is finished, short.
finish = काम पूरा: अनुमति रद्द करें, डीबगिंग बंद करें, फ़ोन निकाल लें
# A phone that left before anything was found out.
left-unchecked = अभी जाँच नहीं हुई: दोबारा लगाएँ
# A phone that left at risk.
left-at-risk = ख़तरा अब भी है: अपडेट करके दोबारा लगाएँ
# A phone that can only be asked again with its person at hand.
then-ask-again = फिर r दबाएँ: फ़ोन दोबारा अनुमति माँगेगा
# The head of what a phone answered.
evidence-head = जाँच में मिली जानकारी
# The head of what came of a phone so far.
past-head = अब तक
# Said of a phone that is being asked.
being-asked = इसकी जाँच चल रही है

## Lines of evidence.

evidence-version = वर्ज़न
evidence-factory = फ़ैक्ट्री कॉपी
evidence-users = किन यूज़र में इंस्टॉल
evidence-path = ऐप का पाथ
evidence-affected = इस वर्ज़न तक ख़ामी
evidence-below = इससे पुराने में ख़ामी
evidence-fixed = इस वर्ज़न से ठीक
evidence-cves = CVE

## What is being done about a phone that has no verdict, capitals.

phase-allow = अनुमति दें
phase-starting = चालू हो रहा है
phase-checking = जाँच हो रही है
phase-waiting = इंतज़ार
phase-connecting = कनेक्ट हो रहा है

## What a person does meanwhile.

phase-step-allow = मालिक से फ़ोन अनलॉक करवाएँ और "अनुमति दें" (Allow) पर टैप करवाएँ
phase-step-starting = अभी चालू हो रहा है: दोबारा जाँच अपने आप होगी
phase-step-gone = ऐप अभी-अभी गायब हुआ: पक्का करने के लिए थोड़ी देर में दोबारा जाँच होगी

## The line of counts.

count-checked = { $count } की जाँच हुई
count-at-risk = { $count } में ख़तरा
count-fixed = ठीक हुए: { $count }
count-to-update = { $count } में अपडेट ज़रूरी
count-left-at-risk = { $count } बिना अपडेट के निकाले गए
count-waiting = { $count } बाकी

## While no phone is there.

empty-plug-in = कोई फ़ोन लगाएँ।
empty-debugging = फ़ोन में USB डीबगिंग चालू होनी चाहिए: सेटिंग (Settings) → फ़ोन के बारे में (About phone) → MIUI या OS संस्करण (MIUI/OS version) पर 7 बार टैप करें; फिर अतिरिक्त सेटिंग (Additional settings) → डेवलपर के लिए विकल्प (Developer options) → USB डीबगिंग (USB debugging)।
empty-allow = मालिक से फ़ोन अनलॉक करवाएँ और "अनुमति दें" (Allow) पर टैप करवाएँ। बाकी सब अपने आप होता है।
empty-nothing = कुछ नहीं दिख रहा? दूसरी केबल आज़माएँ, फिर यह चलाएँ: micheck doctor

## Keys, each with what it does. .help: the same on the page about the keys.

key-quit = बाहर निकलें
    .help = बाहर निकलें (Ctrl-C से भी)
key-help = मदद
    .help = यह पेज
key-choose = चुनें
    .help = फ़ोन चुनें (Page up, Page down, Home, End से भी)
key-details = ब्योरा
    .help = चुने हुए फ़ोन में क्या मिला, और क्या-क्या करना है; Esc से वापस
other-way = या { $step }
none-at-risk = यहाँ कोई फ़ोन ख़तरे में नहीं है
key-next_at_risk = ख़तरे वाला अगला
    .help = ख़तरे वाले अगले फ़ोन पर जाएँ
key-wall = ख़तरे वाले पहले
    .help = ख़तरे वाले फ़ोन पहले, या सब अपने पोर्ट के क्रम में
key-ask = दोबारा जाँच
    .help = चुने हुए फ़ोन की अभी दोबारा जाँच करें
key-sheet = पर्ची
    .help = चुने हुए फ़ोन के मालिक के लिए पर्ची बनाकर खोलें
key-language = पर्ची की भाषा
    .help = उस पर्ची की भाषा
key-name = पोर्ट का नाम
    .help = चुने हुए फ़ोन के पोर्ट को नाम दें ("बायाँ हब 3"); यह अगली बार भी याद रहेगा
key-back = वापस
key-scroll = ऊपर-नीचे
key-keep = सहेजें
key-leave = रहने दें
name-of-port = पोर्ट { $port } का नाम: { "" }

## The page about the keys.

help-vulnerable = अभी अपडेट करें: तरीका साथ में लिखा है; अपडेट के बाद यह अपने आप हरा हो जाता है
help-unconfirmed = इस वर्ज़न में ख़ामी ठीक होने की पुष्टि नहीं: इसे भी अपडेट करें
help-unknown = जाँच नहीं हो सकी; इसका मतलब यह नहीं कि फ़ोन ठीक है
help-patched = रिपोर्ट के अनुसार इस वर्ज़न में ख़ामी ठीक है
help-not_installed = यह ऐप इस फ़ोन में नहीं है
help-end = जिस फ़ोन में ख़तरा है, वह जब तक लगा रहे, उसकी जाँच अपने आप दोबारा होती रहती है। किसी भी फ़ोन में कुछ बदला नहीं जाता; o और O से वह बस एक स्क्रीन दिखाता है।

## What is said of a phone.

# Versions before and after an update, and when it was seen.
change = { $before } → { $after }, { $clock }
server-gone-at = { $clock } पर adb सर्वर बंद हुआ
connection-lost-at = { $clock } पर कनेक्शन टूटा
unplugged-at = निकाला गया { $clock }
asked-in-vain = दोबारा जाँच { $clock }: { $why }
before = { $clock } { $what }
server-gone = adb सर्वर { $server } से संपर्क नहीं हो पा रहा: अपने आप दोबारा कोशिश हो रही है
before-head = दोबारा लगाए जाने से पहले, { $clock }:
read-at = { $clock } बजे पढ़ा गया ({ $by })
# What a run found, at its end.
left-at-risk-list = अब भी अपडेट करने हैं: { $names }
command-failed = { $serial } के लिए --exec: { $how }
log-stuck =
    { $count ->
        [1] { $file } में लिखा नहीं जा सकता: { $error }; 1 पंक्ति इंतज़ार में है
       *[other] { $file } में लिखा नहीं जा सकता: { $error }; { $count } पंक्तियाँ इंतज़ार में हैं
    }

## The sheet of a phone.

no-sheet-yet = पर्ची अभी नहीं बन सकती: इस फ़ोन की जाँच नहीं हुई है।
sheet-language = इस फ़ोन की पर्ची { $language } में बनेगी।
sheet-written = पर्ची ({ $language }): { $file }
sheet-failed = पर्ची नहीं बन सकी: { $why }
sheet-not-opened = पर्ची ({ $language }): { $file } – यहाँ खोली नहीं जा सकी ({ $why })
# Why a sheet was not opened.
no-screen = यहाँ ब्राउज़र नहीं खुल सकता
