## What is recorded of what was found.

record-moved = रिकॉर्ड { $file } ख़राब हो गया था। अब उसका नाम { $aside } है, और नया रिकॉर्ड शुरू किया गया है।
record-clock = रिकॉर्ड में रखने की अवधि से पुरानी { $count } जाँच हैं, पर इस कंप्यूटर की तारीख़ पिछली जाँच से { $days } दिन अलग है: तारीख़ सही हो, तो वे अगली बार हटेंगी
record-kept = रखने की अवधि से पुरानी जाँचें मिटा दी गईं: { $count }
record-stuck = अभी रिकॉर्ड नहीं हुआ ({ $count }): { $error }
record-slow = इन फ़ोन का रिकॉर्ड समय पर नहीं पढ़ा जा सका, और शीट पर नहीं है
# The heads of the columns of `history` and `recall`.
record-column-checked = जाँच
record-column-code = कोड
record-column-job = जॉब
history-none = रिकॉर्ड में ऐसा कुछ नहीं है।
# Below a check that says nothing: what still holds.
history-stands = आख़िरी जानकारी: { $what }, { $at }
# Below a phone that is to be called back: what was said when it was checked.
recall-told = ग्राहक को तब बताया गया था: { $what }, { $at }
recall-none = किसी ग्राहक को वापस नहीं बुलाना है: रिकॉर्ड में { $phones } फ़ोन हैं
recall-count = रिकॉर्ड के { $phones } फ़ोन में से { $count } के ग्राहकों को वापस बुलाना है
recall-without-job = इनमें से { $count } का जॉब नंबर नहीं लिखा है, इसलिए पता नहीं चलेगा कि फ़ोन किसका है
forget-nothing = रिकॉर्ड में ऐसा कुछ नहीं है: मिटाने को कुछ नहीं
forget-plan = हमेशा के लिए मिटेगा: { $phones } फ़ोन, { $checks } जाँच ({ $from } से { $to })
forget-ask = मिटा दें? [y/N]
forget-declined = कुछ नहीं मिटाया गया।
forget-done = मिटाई गई जाँच: { $checks }। पहले बनी कॉपियों और बैकअप में वह अब भी है।
# Of `micheck record status`: heads of the lines.
record-status-file = फ़ाइल
record-status-size = आकार
record-status-version = फ़ाइल का फ़ॉर्मैट
record-status-bench = बेंच
record-status-since = कब से
record-status-last = आख़िरी जाँच
record-status-checks = जाँचें
record-status-phones = फ़ोन
record-status-jobs = जॉब
record-status-erased = पिछली बार मिटाया
record-status-forgotten = मिटाई गई जाँचों की आईडी
record-status-error = पिछली गड़बड़ी
record-status-none = कोई नहीं
record-erased = { $count } जाँच, { $at }
record-imported = जोड़ी गई जाँच: { $added }; पहले से मौजूद: { $known }, यहाँ मिटाई जा चुकी (मिटी रहेंगी): { $refused }, वहाँ मिटाई गई और अब यहाँ भी: { $erased }
# A day without its year, as jiff's strftime has it.
day-format = %d-%m
# What is on record of a phone on the board, and what it is now.
recorded = { $day } को: { $was } → आज: { $is }
recorded-today = { $clock } बजे: { $was } → अब: { $is }
on-record = रिकॉर्ड में: { $what }, { $at }
job = जॉब { $job }
job-of-phone = इस फ़ोन का जॉब नंबर: { "" }
key-job = जॉब
    .help = चुने हुए फ़ोन का जॉब नंबर लिखें; यह रिकॉर्ड में रहेगा
not-recording = कुछ रिकॉर्ड नहीं हो रहा: --record के साथ शुरू करें, या record = true लिखें
# Below a phone at risk whose last check took nothing of that back.
history-since = उसके बाद: { $what }, { $at }
recall-not-recorded = इनमें से { $count } की किसी ऐसे ऐप के लिए जाँच कभी नहीं हुई, जो आज की सुरक्षा सूचनाओं में है: फ़ोन आने पर जाँचें
sheet-job = जॉब नंबर
recorded-still = { $day } से { $was }
history-checks = { $count } जाँच
