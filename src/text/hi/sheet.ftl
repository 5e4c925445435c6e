### What is handed over: the check sheet for a phone's owner, and the report of a bench, both as HTML.

## What a verdict means, in two plain sentences for the phone's owner.
## $app is the app, or several of them.

plain-vulnerable =
    { $count ->
        [1] इस फ़ोन में { $app } का ऐसा वर्ज़न है, जिसका फ़ायदा उठाकर हमलावर फ़ोन में घुस सकते हैं। यहाँ बताए तरीके से इसे जल्द से जल्द अपडेट करें।
       *[other] इस फ़ोन में { $app } के ऐसे वर्ज़न हैं, जिनका हमलावर फ़ायदा उठा सकते हैं। यहाँ बताए तरीके से इन्हें जल्द से जल्द अपडेट करें।
    }
plain-unconfirmed = इस फ़ोन में { $app } का ऐसा वर्ज़न है, जिसमें यह ख़ामी ठीक हुई है या नहीं, इसकी कहीं पुष्टि नहीं है। जोखिम न लें, यहाँ बताए तरीके से इसे अपडेट करें।
plain-unknown = इस फ़ोन की जाँच नहीं हो सकी: { $reason }। इसका मतलब न तो यह है कि फ़ोन ठीक है, और न यह कि फ़ोन ख़तरे में है।
plain-patched = इस फ़ोन में { $app } का ऐसा वर्ज़न है, जिसमें रिपोर्ट के अनुसार यह ख़ामी ठीक कर दी गई है। इस ख़ामी की वजह से अब और कुछ करने की ज़रूरत नहीं है।
plain-not_installed = जिस ऐप में यह ख़ामी है, यानी { $app }, वह इस फ़ोन में नहीं है। कुछ करने की ज़रूरत नहीं है, और इस ऐप को इंस्टॉल भी न करें।
plain-not_applicable = यह Xiaomi, Redmi या POCO का फ़ोन नहीं है, और इसमें { $app } नहीं है। इस ख़ामी का इस फ़ोन से कोई लेना-देना नहीं है।

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
sheet-checked = जाँच कब हुई
sheet-number = रिपोर्ट नंबर
sheet-what-to-do = क्या करें
sheet-nothing-to-do = इस ख़ामी की वजह से कुछ करने की ज़रूरत नहीं है।
sheet-after-reset = रीसेट के बाद
sheet-also = यह भी जान लें
sheet-sources = जानकारी कहाँ से ली गई
sheet-made-by = micheck { $version }, एडवाइज़री { $set } ({ $hash })
sheet-only-this =
    { $count ->
        [1] सिर्फ़ इसी एक ख़ामी की जाँच हुई है, और वह भी यहाँ लिखे समय पर। इस फ़ोन की किसी और चीज़ के बारे में यहाँ कुछ नहीं कहा गया है।
       *[other] सिर्फ़ इन ऐप की इन्हीं ख़ामियों की जाँच हुई है, और वह भी यहाँ लिखे समय पर। इस फ़ोन की किसी और चीज़ के बारे में यहाँ कुछ नहीं कहा गया है।
    }
sheet-read-phone = फ़ोन से यह पढ़ा गया: मॉडल, सिस्टम, सीरियल नंबर और ऐप का वर्ज़न। फ़ोन में कुछ भी बदला नहीं गया; फ़ोटो, मैसेज और कॉन्टैक्ट नहीं देखे गए।
sheet-read-file = पहले से सहेजी गई फ़ाइल से यह पढ़ा गया: मॉडल, सिस्टम और ऐप का वर्ज़न। ख़ुद फ़ोन को कंप्यूटर से नहीं जोड़ा गया।
sheet-read-typed = फ़ोन से कुछ नहीं पढ़ा गया: किसी ने फ़ोन की सेटिंग में वर्ज़न देखकर लिखा।
sheet-kept = नतीजा कब तक रखा जाएगा: { $retention }।
sheet-kept-unsaid = नतीजा कब तक रखा जाएगा, यह उनसे पूछें जिन्होंने आपको यह पर्ची दी है।
sheet-link = इसके बारे में और जानकारी:

## The report of a bench

bench-title = सभी फ़ोन की रिपोर्ट
bench-summary = कुल नतीजा
# What the chart shows, for those who don't see it.
bench-chart = नतीजों का बार चार्ट: { $counts }
bench-phones = फ़ोन
bench-each = हर फ़ोन का ब्योरा
bench-files = इन फ़ाइलों को मिलाकर बनी
bench-no-phone = कोई फ़ोन नहीं मिला।
bench-read = फ़ोन से यह पढ़ा गया: मॉडल, सिस्टम, सीरियल नंबर और ऐप का वर्ज़न। सीरियल नंबर यहाँ कोड में दिए गए हैं, जब तक किसी ने पूरे नंबर न माँगे हों।
bench-only-this = सिर्फ़ यहाँ बताई गई ख़ामियों की जाँच हुई है, और वह भी यहाँ लिखे समय पर। इन फ़ोन की किसी और चीज़ के बारे में यहाँ कुछ नहीं कहा गया है।
detail = मिला हुआ संदेश: { $detail }

## What its speakers call this language

own-name = हिन्दी
