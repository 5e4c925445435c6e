### What stands around the verdicts: the table, files, the progress line, what is said when no phone is there.

## What was recognised in a file.

form-dumpsys_package = dumpsys package, एक ऐप
form-dumpsys_packages = dumpsys package, सभी ऐप
form-pm_dump = pm dump
form-dumpsys = dumpsys, सभी सर्विस
form-bug_report = बग रिपोर्ट
form-getprop = सिर्फ़ getprop, किसी ऐप का डंप नहीं
form-collection = dumpsys और getprop
form-evidence = सहेजी गई जानकारी
form-unrecognized = पहचान में नहीं आई

## Likely reasons that no phone was found, as sentences without their full stop.

hint-adb_missing = adb इंस्टॉल नहीं है: Android के platform-tools इंस्टॉल करें (Debian, Ubuntu: sudo apt-get install adb), फिर यह चलाएँ: adb start-server
hint-adb_server_not_running = adb सर्वर नहीं चल रहा: adb start-server चलाएँ
hint-xiaomi_on_usb = Xiaomi का एक डिवाइस लगा है, पर adb की सूची में नहीं है: अगली वजह देखें, फिर फ़ोन निकालकर दोबारा लगाएँ
hint-charge_only_cable = कोई फ़ोन नहीं लगा है, या उसकी केबल से सिर्फ़ चार्जिंग होती है: दूसरी केबल या दूसरा पोर्ट आज़माएँ
hint-usb_debugging_off = USB डीबगिंग बंद है: सेटिंग (Settings) → फ़ोन के बारे में (About phone) → "MIUI संस्करण" (MIUI version) पर 7 बार टैप करें, HyperOS में "OS संस्करण" (OS version) पर; फिर सेटिंग (Settings) → अतिरिक्त सेटिंग (Additional settings) → डेवलपर के लिए विकल्प (Developer options) → USB डीबगिंग (USB debugging)
hint-driver_missing = Windows में इस फ़ोन का ड्राइवर नहीं है: Google का USB ड्राइवर इंस्टॉल करें
hint-run_doctor = क्या गड़बड़ है, यह जानने के लिए: micheck doctor
hint-try_demo = बिना फ़ोन के micheck आज़माने के लिए: micheck scan --demo

# A sentence with its full stop.
sentence = { $text }।

## The table

# What stands for the name where a file holds no phone.
unrecognised-file = इसमें कोई फ़ोन नहीं
unread-file = पढ़ा नहीं गया
# The mark on everything that shows simulated phones.
demo = DEMO: असली फ़ोन नहीं, सिर्फ़ नमूना
# One line of what to do, where nothing is.
brief-nothing = कुछ करने की ज़रूरत नहीं।
# The head of the fourth column where several apps were looked at.
apps-column = ऐप
# Said when there is no phone at all.
no-phone = कोई फ़ोन नहीं मिला। इसकी संभावित वजहें:
# What stands for the name where a person typed the version.
typed-by-a-person = टाइप किया गया वर्ज़न
# What stands for the name in the row of a server that couldn't be asked.
lost-server = adb सर्वर
# A phone that doesn't say what it is.
unnamed-phone = अनजान फ़ोन
# The heads of the table's columns.
column-result = नतीजा
column-phone = फ़ोन
column-system = सिस्टम
column-version = वर्ज़न या वजह
column-serial = सीरियल
column-file = फ़ाइल
# How many apps of a phone must be updated.
apps-to-update = अपडेट बाकी: { $count }
# The number of phones, for the summary line.
phones =
    { $count ->
        [1] 1 फ़ोन
       *[other] { $count } फ़ोन
    }
# Servers that couldn't be asked, for the summary line.
lost-servers =
    { $count ->
        [1] 1 adb सर्वर से संपर्क नहीं हुआ
       *[other] { $count } adb सर्वर से संपर्क नहीं हुआ
    }
# The phone's serial number, in a phone's block.
serial = सीरियल { $serial }
# The server that holds a phone, in a phone's block.
server = adb सर्वर { $server }
# The file that a phone was read from, in a phone's block.
file = फ़ाइल { $file }
file-entry = फ़ाइल { $file }, उसमें { $entry }
# When a file says that it was made.
made = बनने का समय { $at }

## While a scan runs

looking = फ़ोन खोजे जा रहे हैं
checked-of = { $phones } में से { $done } की जाँच हुई
allow-on = { $names } को अनलॉक करके "अनुमति दें" (Allow) पर टैप करें ({ $seconds } सेकंड बाकी)
asking = { $names } की जाँच चल रही है ({ $seconds } सेकंड)
# The warning about a server on another computer.
server-elsewhere = चेतावनी: { $server } इस कंप्यूटर पर नहीं है। ADB में कोई पासवर्ड नहीं होता: जो भी उस पोर्ट तक पहुँच जाए, वह फ़ोन को कंट्रोल कर सकता है। SSH टनल का इस्तेमाल करें।
usb-unseen = USB पर क्या लगा है, यह देखा नहीं जा सकता: { $why }
line-broken-off = { $file }: पंक्ति { $line } अधूरी है और छोड़ दी गई; उसमें किसी फ़ोन के बारे में जो लिखा था, वह यहाँ नहीं है
# Where a file was written without anybody naming it.
written-to = यहाँ सहेजा गया: { $file }
advisory-replaced = { $id } की जाँच micheck में शामिल सुरक्षा सूचना से नहीं, { $file } से होती है
advisory-replaced-narrower = { $id } की जाँच micheck में शामिल सुरक्षा सूचना से नहीं, { $file } से होती है, जबकि उस सूचना में ज़्यादा वर्ज़न या ज़्यादा पैकेज आते हैं
events-lost = { $file }: पंक्ति { $line } से पहले के { $count } इवेंट लिखे नहीं गए; उनसे पहले के नतीजे अब नहीं गिने जाते, जब तक उनमें ख़तरा न हो
