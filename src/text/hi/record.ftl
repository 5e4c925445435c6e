## What is recorded of what was found.

record-moved = रिकॉर्ड { $file } ख़राब हो गया था। अब उसका नाम { $aside } है, और नया रिकॉर्ड शुरू किया गया है।
record-clock = रिकॉर्ड में { $count ->
    [one] 1 जाँच
   *[other] { $count } जाँचें
  } रखने की अवधि से पुरानी हैं, पर इस कंप्यूटर की तारीख़ पिछली जाँच से { $days } दिन अलग है: तारीख़ सही हो, तो वे अगली बार हटेंगी
record-kept = { $count ->
    [one] 1 जाँच रखने की अवधि से पुरानी थी और मिटा दी गई
   *[other] { $count } जाँचें रखने की अवधि से पुरानी थीं और मिटा दी गईं
  }
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
recall-told = तब बताया गया: { $what }, { $at }
recall-none = कोई फ़ोन वापस नहीं बुलाना है: रिकॉर्ड में { $phones } फ़ोन हैं
recall-count = रिकॉर्ड के { $phones } में से { $count } फ़ोन वापस बुलाने हैं
recall-without-job = इनमें से { $count } का जॉब नंबर नहीं है: पता नहीं चल सकता कि वे किसके हैं
forget-nothing = रिकॉर्ड में ऐसा कुछ नहीं है: मिटाने को कुछ नहीं
forget-plan = { $phones } फ़ोन की { $checks ->
    [one] 1 जाँच
   *[other] { $checks } जाँचें
  } हमेशा के लिए मिटेंगी ({ $from } से { $to })
forget-ask = मिटा दें? [y/N]
forget-declined = कुछ नहीं मिटाया गया।
forget-done = { $checks ->
    [one] 1 जाँच मिटा दी गई
   *[other] { $checks } जाँचें मिटा दी गईं
  }। पहले बनी कॉपियों और बैकअप में वे अब भी हैं।
# Of `micheck record status`: heads of the lines.
record-status-file = फ़ाइल
record-status-size = आकार
record-status-version = वर्ज़न
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
record-erased = { $count ->
    [one] 1 जाँच
   *[other] { $count } जाँचें
  }, { $at }
record-imported = { $added ->
    [one] 1 जाँच जोड़ी गई
   *[other] { $added } जाँचें जोड़ी गईं
  }; { $known } पहले से थीं, { $refused } यहाँ मिटाई जा चुकी थीं और मिटी रहेंगी, { $erased } वहाँ मिटाई गई थीं और अब यहाँ भी मिट गईं
# A day without its year, as jiff's strftime has it.
day-format = %d-%m
# What is on record of a phone on the board, and what it is now.
recorded = { $day } को { $was } → आज { $is }
recorded-today = { $clock } बजे { $was } → अब { $is }
on-record = रिकॉर्ड में: { $what }, { $at }
job = जॉब { $job }
job-of-phone = इस फ़ोन का जॉब नंबर: { "" }
key-job = जॉब
    .help = चुना हुआ फ़ोन किस जॉब का है; यह रिकॉर्ड में जाएगा
not-recording = कुछ रिकॉर्ड नहीं हो रहा: --record के साथ शुरू करें, या record = true लिखें
# Below a phone at risk whose last check took nothing of that back.
history-since = उसके बाद: { $what }, { $at }
recall-not-recorded = इनमें से { $count } की किसी ऐसे ऐप के लिए जाँच कभी नहीं हुई, जो आज की सुरक्षा सूचनाओं में है: फ़ोन आने पर जाँचें
