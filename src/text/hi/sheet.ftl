### What is handed over: the check sheet for a phone's owner, and the report of a bench, both as HTML.

## What a verdict means, in two plain sentences for the phone's owner.
## $app is the app, or several of them.

plain-vulnerable =
    { $count ->
        [1] इस फ़ोन में { $app } का ऐसा वर्ज़न है, जिसका फ़ायदा उठाकर हमलावर फ़ोन में घुस सकते हैं। यहाँ बताए तरीके से इसे जल्द से जल्द अपडेट करें।
       *[other] इस फ़ोन में { $app } के ऐसे वर्ज़न हैं, जिनका हमलावर फ़ायदा उठा सकते हैं। यहाँ बताए तरीके से इन्हें जल्द से जल्द अपडेट करें।
    }
plain-unconfirmed = इस फ़ोन में { $app } का ऐसा वर्ज़न है, जिसमें ख़ामी ठीक होने की पुष्टि किसी ने नहीं की है। जोखिम न लें, यहाँ बताए तरीके से इसे अपडेट करें।
plain-unknown = इस फ़ोन की जाँच नहीं हो सकी: { $reason }। इसका मतलब न तो यह है कि फ़ोन ठीक है, न यह कि ख़तरे में है।
plain-patched = इस फ़ोन में { $app } का ऐसा वर्ज़न है, जिसमें रिपोर्ट के अनुसार यह ख़ामी ठीक कर दी गई है।
plain-not_installed = जिस ऐप में यह ख़ामी है, यानी { $app }, वह इस फ़ोन में नहीं है। इसे इंस्टॉल न करें।
plain-not_applicable = यह Xiaomi, Redmi या POCO का फ़ोन नहीं है, और इसमें { $app } नहीं है। इस ख़ामी का इस फ़ोन पर कोई असर नहीं।

## The check sheet

sheet-title = फ़ोन की जाँच
sheet-about =
    { $count ->
        [1] { $app } में ख़ामी ({ $cves })
       *[other] { $app } में ख़ामियाँ ({ $cves })
    }
sheet-phone = फ़ोन
sheet-model = मॉडल
sheet-system = सिस्टम
sheet-serial-end = सीरियल नंबर के आख़िरी अक्षर
sheet-serial-full = सीरियल नंबर
sheet-serial-coded = सीरियल नंबर, कोड में
sheet-file = फ़ाइल
sheet-version = { $app } का वर्ज़न
sheet-before = पहले
sheet-now = अब
sheet-checked = जाँच का समय
sheet-number = रिपोर्ट नंबर
sheet-checked-before = पहले की जाँच
sheet-number-before = उसकी रिपोर्ट का नंबर
sheet-requested = यह दिखाने को कहा गया
sheet-what-to-do = क्या करें
sheet-nothing-to-do = और कुछ करने की ज़रूरत नहीं है।
sheet-after-reset = रीसेट के बाद
sheet-also = कृपया ध्यान दें
sheet-sources = जानकारी के स्रोत
sheet-made-by = micheck { $version }, सुरक्षा सूचनाएँ: सेट { $set } ({ $hash })
sheet-only-this = यह पर्ची सिर्फ़ उन ख़ामियों के बारे में है, जिनका नाम इसमें है, और ऊपर लिखे समय की स्थिति बताती है। बाकी ख़ामियों के बारे में यह कुछ नहीं बताती।
sheet-read-phone = फ़ोन से सिर्फ़ ये चीज़ें पढ़ी गईं: मॉडल, सिस्टम, सीरियल नंबर, ADB की सेटिंग और ऐप का वर्ज़न। फ़ोन में कुछ भी बदला नहीं गया; फ़ोटो, मैसेज और कॉन्टैक्ट नहीं देखे गए।
sheet-read-nothing = फ़ोन से सिर्फ़ वही पढ़ा गया जो वह हर कंप्यूटर को बताता है: सीरियल नंबर, और अक्सर मॉडल।
sheet-read-file = पहले से सहेजी गई फ़ाइल से इनमें से उतना ही पढ़ा गया, जितना उसमें था: मॉडल, सिस्टम और ऐप का वर्ज़न। फ़ोन ख़ुद कंप्यूटर से नहीं जोड़ा गया।
sheet-read-typed = micheck ने फ़ोन से कुछ नहीं पढ़ा: किसी ने फ़ोन की सेटिंग में वर्ज़न देखकर लिखा।
sheet-kept = नतीजा कब तक रखा जाएगा: { $retention }।
sheet-kept-unsaid = नतीजा कब तक रखा जाएगा, यह दुकान से पूछें।
sheet-link = इसके बारे में और जानकारी:

## The report of a bench

bench-title = जाँच रिपोर्ट
bench-summary = कुल नतीजा
# What the chart shows, for those who don't see it.
bench-chart = नतीजों का बार चार्ट: { $counts }
bench-phones = फ़ोन
bench-each = क्या करें
bench-files = इन फ़ाइलों को मिलाकर बनी
bench-no-phone = कोई फ़ोन नहीं मिला।
bench-read = फ़ोन से इनमें से उतना ही पढ़ा गया, जितना उन्होंने बताया: मॉडल, सिस्टम, सीरियल नंबर, ADB की सेटिंग और ऐप का वर्ज़न। सीरियल नंबर यहाँ कोड में हैं, जब तक पूरे नंबर न माँगे गए हों; कोड के नीचे उनके आख़िरी 4 अक्षर हो सकते हैं।
bench-only-this = यह रिपोर्ट सिर्फ़ यहाँ बताई गई ख़ामियों के बारे में है और यहाँ लिखे समय की स्थिति बताती है। दूसरी ख़ामियों के बारे में यह कुछ नहीं बताती।
detail = संदेश: { $detail }

## What its speakers call this language

own-name = हिन्दी

# How a time is written, in the signs of strftime.
date-format = %d-%m-%Y, %H:%M
