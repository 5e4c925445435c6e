### Advisories themselves.

# No fixed version is known.
no-fix-known = पता नहीं
# How the list goes on.
more-about-an-advisory = किसी एक की पूरी जानकारी, स्रोतों के साथ: micheck advisories show ID
# What stands where a record gives no severity.
no-severity = नहीं बताई गई
# What stands where the date of a source isn't known.
no-date = बिना तारीख़

## How bad a flaw is.

level-low = कम
level-medium = मध्यम
level-high = गंभीर
level-critical = बेहद गंभीर

## How sure a fact is, as a clause. .package: that a package is meant; .fixed: that a version is fixed.

certainty-confirmed = आधिकारिक रिकॉर्ड में यही लिखा है
    .package = पक्का: ऐप यही है
    .fixed = आधिकारिक रिकॉर्ड में यही लिखा है
certainty-one_secondary_source = सिर्फ़ न्यूज़ वेबसाइटों ने बताया है; आधिकारिक रिकॉर्ड में पुष्टि नहीं
    .package = सिर्फ़ एक न्यूज़ वेबसाइट ने बताया है कि ऐप यही है
    .fixed = सिर्फ़ एक न्यूज़ वेबसाइट के अनुसार, आधिकारिक रिकॉर्ड में नहीं
certainty-inferred = यह अनुमान है, किसी स्रोत में नहीं लिखा
    .package = अनुमान: किसी स्रोत में पैकेज का नाम नहीं लिखा
    .fixed = इस वर्ज़न में ख़ामी ठीक होने की बात सिर्फ़ अनुमान है, किसी स्रोत में नहीं लिखी

## The heads of an advisory's fields.

advisory-field-app = ऐप
advisory-field-packages = पैकेज
advisory-field-cves = CVE
advisory-field-weakness = कमज़ोरी
advisory-field-severity = गंभीरता
advisory-field-affected = प्रभावित
advisory-field-fixed = ख़ामी ठीक
advisory-field-note = नोट
advisory-field-counts = इस्तेमाल
advisory-field-origin = कहाँ से
advisory-field-sources = स्रोत
advisory-field-remedies = क्या करें

## The affected versions.

affected-up-to = { $last } और इससे पुराने
affected-from-to = { $low } से { $last } तक
affected-below = { $bound } से पुराने
affected-from-below = { $low } और इससे नए, पर { $bound } से पुराने
affected-only = सिर्फ़ { $exact }
affected-and = { $range }; { $exact }

## Which versions must be updated, as the end of a sentence.

must-update-up-to = ; वर्ज़न { $last } या इससे पुराना हो, तो अपडेट करना ज़रूरी है
must-update-from-to = ; वर्ज़न { $low } से { $last } तक का हो, तो अपडेट करना ज़रूरी है
must-update-below = ; वर्ज़न { $bound } से पुराना हो, तो अपडेट करना ज़रूरी है
must-update-from-below = ; वर्ज़न { $low } या इससे नया हो, पर { $bound } से पुराना, तो अपडेट करना ज़रूरी है
must-update-exact = ; वर्ज़न { $exact } हो, तो अपडेट करना ज़रूरी है
must-update-up-to-or = ; वर्ज़न { $last } या इससे पुराना हो, या { $exact } हो, तो अपडेट करना ज़रूरी है
must-update-from-to-or = ; वर्ज़न { $low } से { $last } तक का हो, या { $exact } हो, तो अपडेट करना ज़रूरी है
must-update-below-or = ; वर्ज़न { $bound } से पुराना हो, या { $exact } हो, तो अपडेट करना ज़रूरी है
must-update-from-below-or = ; वर्ज़न { $low } या इससे नया हो, पर { $bound } से पुराना, या { $exact } हो, तो अपडेट करना ज़रूरी है
# Between the last two versions of a list.
or = { " या " }

## The list of advisories, and one in full.

# What UPDATED rests on.
fixed-means = "{ $word }" का मतलब: { $app } { $version } या इससे नया वर्ज़न; { $basis }।
fixed-from = { $version } और इससे नए
counts-yes = हाँ
counts-with-all = --all देने पर
advisory-column-id = ID
advisory-column-app = ऐप
advisory-column-cve = CVE
advisory-column-severity = गंभीरता
advisory-column-affected = प्रभावित वर्ज़न
advisory-column-fixed = पहला ठीक वर्ज़न
advisory-column-counts = इस्तेमाल
advisories =
    { $count ->
        [1] 1 सुरक्षा सूचना
       *[other] { $count } सुरक्षा सूचनाएँ
    }; micheck में शामिल सेट { $set }, { $date } का
no-error =
    { $count ->
        [1] 1 सुरक्षा सूचना, कोई गड़बड़ी नहीं
       *[other] { $count } सुरक्षा सूचनाएँ, कोई गड़बड़ी नहीं
    }
errors =
    { $count ->
        [1] 1 गड़बड़ी: यह फ़ोल्डर इस्तेमाल नहीं हो सकता
       *[other] { $count } गड़बड़ियाँ: यह फ़ोल्डर इस्तेमाल नहीं हो सकता
    }
built-in = micheck में शामिल
own-file = आपकी अपनी फ़ाइल { $file }
