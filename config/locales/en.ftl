# Every sentence the bot says, in English. The same messages with the same variables as zh-CN.ftl.
# $reader: student · adult · group

## General

you = you
join = ,{" "}
number = No. { $number }/{ $year }
number-draft = Draft
directive = { $number } “{ $title }”
month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
time-day = { $time } on { $day } { month }
time-year = { $time } on { $day } { month } { $year }
more-people = {" "}… { $total } in all
more-units = {" "}… { $total } units in all
more-items = … { $total } in all
page = Page { $page } of { $pages }
row-note = { $what } ({ $note })
list-label = { $label }:{" "}
repeat = Repeat:
repeat-number = Repeat of { $number }:
due-at = due { $due }
due-overdue = overdue since { $due }
counted = { $counted ->
    [colleges] colleges
    [counselors] counselors
    [classes] classes
    [households] households
   *[students] students
}
counter = Received by { $acked }/{ $must } { counted }
missing = { $counted ->
    [colleges] { $missing ->
        [one] 1 college has
       *[other] { $missing } colleges have
    }
    [counselors] { $missing ->
        [one] 1 counselor has
       *[other] { $missing } counselors have
    }
    [classes] { $missing ->
        [one] 1 class has
       *[other] { $missing } classes have
    }
    [households] { $missing ->
        [one] 1 household has
       *[other] { $missing } households have
    }
   *[students] { $missing ->
        [one] 1 student has
       *[other] { $missing } students have
    }
} not replied yet
not-answered = No reply yet from
tier = { $position ->
    [0] school
    [1] college
    [2] class
   *[3] guardians
}

## The directive

card-head = { $urgent ->
    [yes] URGENT DIRECTIVE
   *[no] Directive
} { $number }
card-revised = (Version { $revision }, corrected: please confirm again)
card-revised-info = (Version { $revision }, corrected)
card-parts = { $parts ->
    [one] Full text above.
   *[other] Full text above, in { $parts } parts.
}
card-attachments = { $attachments ->
    [one] 1 attachment above.
   *[other] { $attachments } attachments above.
}
card-note = { $who } adds: { $note }
card-due = Please reply “received” by { $due }.
card-due-open = Please reply “received”.
card-due-children = Please confirm for { $children } by { $due }.
card-due-open-children = Please confirm for { $children }.
card-info = For your information; no reply needed.
card-copy = Copy, for information: others reply, you need not.
card-outdated = A corrected version was sent: please go by the newest one.
card-own = ✅ Received at { $at }
card-own-children = ✅ Confirmed for { $children } at { $at }
card-withdrawn-head = WITHDRAWN: { $number }
card-withdrawn = This directive has been withdrawn. No reply or action is needed any more.
part-head = { $number } ({ $part }/{ $parts })
withdrawn = { $directive } has been withdrawn. No reply or action is needed any more.

## Reminders and escalations

remind-group-head = Reminder: { $directive }
remind-group-due = Please reply “received” by { $due }.
remind-group-overdue = It was due at { $due }. Please reply “received” as soon as you can.
remind-group-open = Please reply “received” as soon as you can.
reminder-head = { $count ->
    [one] Reminder: one directive still waits for your reply:
   *[other] Reminder: { $count } directives still wait for your reply:
}
reminder-head-children = { $count ->
    [one] Parents of { $children }, one directive still waits for your confirmation:
   *[other] Parents of { $children }, { $count } directives still wait for your confirmation:
}
reminder-item = { $urgent ->
    [yes] URGENT:{" "}
   *[no] {""}
}{ $directive }
for-children = for { $children }
which-head = More than one directive waits for your reply. Which one do you mean?
acknowledged = ✅ Received: { $numbers }. Thank you!
escalation-head = { $urgent ->
    [yes] URGENT, replies missing:
   *[no] Replies missing:
} { $directive }
escalation-second = Reminders and a first escalation were not enough, so this comes to you.
escalation-ask = Please chase the missing replies, and note here whom you reached by phone and whom you could not reach.
escalation-done = ✅ Everybody has replied. Nothing left to do.
mark-acked = replied
mark-unreached = not reached
mark-unreachable = the bot cannot write to them, please phone

## The check-in: asking and reporting upward

day-date = { $weekday ->
    [0] Mon
    [1] Tue
    [2] Wed
    [3] Thu
    [4] Fri
    [5] Sat
   *[6] Sun
} { $day } { month }
day-head = { $title }, { $date }
day-group-ask = { $guardians ->
    [yes] Dear parents, please fill in today’s report for your child by { $deadline }.
   *[no] Please fill in today’s check-in by { $deadline }.
} The button below opens it in a private chat; if nothing has changed, one tap is enough.
day-group-count = As of { $at }, { $reported }/{ $expected } have reported.
day-group-all = ✅ All { $expected } have reported. Thank you!
button-checkin = Check in
missing-head = Not checked in: { $date }, due { $deadline }
missing-none = ✅ Everybody has reported or is excused. Nothing is left to do.
missing-vacant = (These classes have no counselor on the roster, so this comes to you.)
missing-unreachable = (The counselors of these classes cannot be reached here, so this comes to you.)
missing-total = In the whole school { $missing } missing, { $unreachable } not reached.
missing-unit = { $unit }: { $expected } expected, { $reported } reported, { $missing } missing{ $unreachable ->
    [0] {""}
   *[other] , { $unreachable } not reached
}
missing-held = { " " }({ $by } is on it until { $until })
missing-more = …and { $more } more units
missing-ask = Please get in touch with the people below. Fill in the form for those who pick up; note who cannot be reached and who is on leave.
unreached-head = Not reached: { $name }, { $unit }
unreached-by = { $by } phoned at { $at } without success. Please help to get in touch.
unreached-phone = Own number: { $phone }
unreached-guardian = Guardian { $name }: { $phone }
unreached-settled = ✅ Has reported since, or is excused: no need to call.
no-phone = no number on the roster
excuse-ask = Why is { $name } excused today? Tap or type the reason; /cancel leaves it.
excuse-reason = { $reason ->
    [leave] On leave
   *[ill] Seeing a doctor
}
excuse-done = ✅ { $name } is excused for today ({ $why }).
excuse-settled = { $name } has reported. There is nothing to excuse.
checkin-due-own = { $late ->
    [yes] Your check-in of today was due at { $deadline }. Please fill it in as soon as you can.
   *[no] Please fill in your check-in by { $deadline }.
}
checkin-due-others = { $late ->
    [yes] Today’s check-in for { $others } was due at { $deadline }. Please fill it in as soon as you can.
   *[no] Please fill in today’s check-in for { $others } by { $deadline }.
}
checkin-due-both = { $late ->
    [yes] Your check-in and that for { $others } were due at { $deadline }. Please fill them in as soon as you can.
   *[no] Please fill in your check-in and that for { $others } by { $deadline }.
}
checkin-due-done = ✅ Today’s check-in is settled; nothing is left to do. Thank you!
reminder-checkin = Reminder: { $what }
today-silent = { $unit }: { $missing } have not checked in today
button-checkin-due = Check in
button-excuse = Excuse
button-phone-report = ✆ Report for { $name }
button-list = Show the list
toast-on-it = Noted. It goes no further until { $until }.

## The check-in: the form in private

form-call = { $whom ->
    [self] Please fill in today’s check-in by { $deadline }.
    [both] Please fill in today’s check-in by { $deadline }, for yourself and for { $names }.
    [phone] Please fill in what { $names } told you on the phone.
   *[others] Please fill in today’s check-in for { $names } by { $deadline }.
}
form-call-late = { $whom ->
    [self] The deadline was { $deadline }. Please fill in today’s check-in as soon as you can.
    [both] The deadline was { $deadline }. Please fill in today’s check-in as soon as you can, for yourself and for { $names }.
    [phone] Please fill in what { $names } told you on the phone (the deadline was { $deadline }).
   *[others] The deadline was { $deadline }. Please fill in today’s check-in for { $names } as soon as you can.
}
form-about = { $phone ->
    [yes] For { $name }, by phone
   *[no] For { $name }
}
form-oneself = Myself
form-last = Last report: { $date }
form-answered = { $ask } { $answer }
form-statement-join = ;{" "}
form-same = If nothing has changed, one tap on “No change” is all. It states: { $statement }. If something has, tap “Fill in”.
form-fill = Tap “Fill in” and answer one question after another.
form-button-for = { $name }: { $label }
form-excused = Excused for today; there is no need to fill this in.
form-done = ✅ { $how ->
    [own] Filled in at { $at }
    [for] Filled in for { $name } at { $at }
    [phone] { $by } filled it in for { $name } by phone at { $at }
   *[by] { $by } filled it in for { $name } at { $at }
}{ $corrected ->
    [yes] , changed since
   *[no] {""}
}{ $late ->
    [yes] {" "}(late)
   *[no] {""}
}. Thank you!
form-supplement = This day is signed: the change was kept as supplement No. { $number }.
form-change = You can change it until { $deadline }.
form-change-late = You can still change it; it will be noted that this was after the deadline ({ $deadline }).
form-next = The next check-in opens at { $next }.
form-question = { $at }/{ $of }  { $ask }
form-hint-multi = Mark all that apply, then tap “Done”.
form-hint-number = Please type a number{ $range }.
form-hint-text = Please type your answer, at most { $max } characters.
form-hint-location = Please tap “📍 Send location” below the input field.
form-hint-photo = Please send a photo.
form-range = { $between ->
    [both] {" "}({ $min } to { $max })
    [least] {" "}(at least { $min })
   *[most] {" "}(at most { $max })
}
form-summary = { $correction ->
    [yes] Tap “Change” next to what is to be changed, then “Submit”:
   *[no] Please check your answers, then tap “Submit”:
}
form-reason = This day is signed, so the change will be kept as a supplement. Please type the reason (at most 200 characters):
form-below = Please see the newest message below.
form-over = The check-in of this day is over. Send /checkin for the latest one.
form-no-day = No check-in is open now. The next one opens at { $next }; you will be told.
form-no-day-at-all = No check-in is open now.
form-not-expected = There is nothing for you to fill in today, thank you! If you have questions, please ask your counselor or the school office.
form-ask-location = Please tap the button below to send your present location.
form-fault-empty = Please choose or type something first.
form-fault-number = No number could be read. Please type one number only.
form-fault-range = Out of range{ $range }. Please check and type it again.
form-fault-fahrenheit = This looks like Fahrenheit, about { $celsius } °C. Please type degrees Celsius.
form-fault-long = At most { $max } characters, please; this has { $length }.
form-fault-choice = That is not one of the choices. Please tap a button below, or type its text or number.
form-fault-yes-no = Please tap “Yes” or “No”, or type it.
form-fault-kind = For this question, please { $kind ->
    [number] type a number
    [text] type a text
    [location] tap “📍 Send location” below the input field
    [photo] send a photo
   *[other] tap a button below, or type its text or number
}.
form-fault-forwarded = A forwarded message cannot be taken as an answer. Please answer yourself.
form-fault-submit = Everything is answered: tap “Submit”, or “Change” next to what is to be changed.
answer-yes = Yes
answer-no = No
answer-nothing = None
answer-location = Location sent
answer-photo = Photo sent
answer-skipped = Left out
button-same = No change
button-fill-in = Fill in
button-change = Change
button-change-one = Change { $number }
button-next-multi = Done
button-question-back = Back
button-location = 📍 Send location

## Relaying and carrying out

duty-relay-at = It goes down by itself at { $at }. You can relay it now, or add a note first.
duty-relay-waiting = Please relay it soon.
duty-relayed = Relayed at { $at }.
duty-open = Once it is carried out, press “Carried out” and tell what was done.
duty-reported = Reported as carried out at { $at }, waiting for review.
duty-accepted = ✅ Accepted as carried out by { $by }.
duty-returned = Sent back by { $by }: { $why }
review-head = Carried out: { $directive }
review-by = { $unit } ({ $by }) reports:
review-media = Photo above.
review-reported = Reported at { $at }, please review.
review-accepted = ✅ Accepted by { $by }.
review-returned = Sent back by { $by }: { $why }

## What was sent

sent-head = ✅ Sent: { $directive }
sent-head-urgent = ✅ Sent as urgent: { $directive }
sent-reach = It goes to { $chats ->
    [one] 1 chat
   *[other] { $chats } chats
} and { $people ->
    [one] 1 person
   *[other] { $people } people
}.
sent-no-chat = No chat is bound yet for these units, so their people get it in private
sent-removed = The bot was removed from the chats of these units, so their people get it in private
sent-unreachable = { $people ->
    [one] 1 person
   *[other] { $people } people
} cannot be reached in private (not bound, or blocked the bot). Please phone them.

## Reading

track-issued = sent at { $at }
track-revision = version { $revision }
track-withdrawn = withdrawn
track-tier = { counted } { $acked }/{ $must }
track-late = { $late } late
track-arrived = arrived in { $arrived }/{ $legs }
row-overdue = overdue
row-late = { $late } late
row-relayed = relayed at { $at }
row-relayed-by = relayed at { $at } by { $by }
row-relay-at = goes down at { $at }
row-waiting = not relayed yet
row-done = carried out
track-list-head = Choose a directive to see how far it is:
track-list-none = There are no directives to show.
pending-head = { $unit }: replies still missing
pending-missing = { $missing } missing
pending-none = { $unit }: everybody has replied.
status-head = { $unit } at { $at }
status-reach = The bot can write to { $reachable }/{ $expected } people, { $bound } bound
reach-unbound = { $count } not bound
reach-never-started = { $count } never started it
reach-blocked = { $count } blocked it
status-none = No directive waits for replies.
status-more = { $more ->
    [one] 1 more directive waits for replies.
   *[other] { $more } more directives wait for replies.
}
today-head = { $count ->
    [one] One thing waits for you:
   *[other] { $count } things wait for you:
}
today-none = Nothing waits for you.
today-ack = Reply to { $what }
today-relay = Relay { $what }
today-done = Carry out { $what }
today-review = Review what was carried out: { $what }
today-alert = { $taken ->
    [yes] Urgent, you are on it: { $name }
   *[no] Urgent, nobody is on it yet: { $name }
}
today-confirm = To be confirmed: figures of { $date }
today-sign = To be signed: the day of { $date }
today-watch = To keep an eye on: { $names }
today-admission = Who is this? The account “{ $shown }” says it is { $person }
reminded = Reminded: { $groups ->
    [one] 1 group
   *[other] { $groups } groups
}, { $people ->
    [one] 1 person
   *[other] { $people } people
} in private.
answered-in-private = Answered in private, please see your chat with the bot.
not-understood = Sorry, I did not understand that. To confirm a directive, press “Received” or reply to it; /help shows what you can do.

## Composing

ask-text = Please send what is to go out: text, a document or a photo. /cancel to stop.
preview-head = { $urgent ->
    [yes] Preview, URGENT. Not sent yet
   *[no] Preview. Not sent yet
}
preview-from = From: { $from }
preview-reference = Ref.: { $reference }
preview-empty = (no text yet)
preview-long = (Only the beginning is shown here. All { $length } characters go out, in { $parts } parts)
preview-attachments = Attachments: { $attachments }
preview-depth = Down to: { $depth }
preview-depth-missing = Down to: please choose below
preview-units = To: { $addressed } of { $units } units
preview-units-copies = To: { $addressed } of { $units } units, copies to { $copies }
preview-due-usual = Due: the usual times
preview-due = { $hours ->
    [one] Due: 1 hour after it arrives
   *[other] Due: { $hours } hours after it arrives
}
preview-answer = Reply: everyone confirms “received”
preview-info = Reply: none needed, for information
preview-reach = Will go to { $chats ->
    [one] 1 chat
   *[other] { $chats } chats
} and { $people ->
    [one] 1 person
   *[other] { $people } people
}
depth = { $position ->
    [0] { $below } secretaries
    [1] counselors
    [2] students
   *[3] students and guardians
}
depth-button = { $position ->
    [0] Only { $below } secretaries
    [1] To counselors
    [2] To students
   *[3] To students and guardians
}
units-head = Choose the units: ✓ addressed, ✎ copy for information, — left out. Each tap moves on to the next.
unit-copy = ✎ { $name } (copy)
due-head = Choose when it is due, counted from its arrival in each chat. You can also type a number of hours, “2d” for days, or a time such as “18:00”.
due-usual = The usual times
due-hours = { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
}
ask-attachment = Please send a document or photo. /cancel to stop.
ask-reference = Please type the reference, for example “SWO 2026/5”. /cancel to stop.
confirm-whole = Please confirm once more: this goes to the whole school, { $chats ->
    [one] 1 chat
   *[other] { $chats } chats
} and { $people ->
    [one] 1 person
   *[other] { $people } people
}.
confirm-whole-urgent = Please confirm once more: this goes to the whole school as URGENT, at once to { $chats ->
    [one] 1 chat
   *[other] { $chats } chats
} and { $people ->
    [one] 1 person
   *[other] { $people } people
}.
second-awaited = ⏳ An urgent directive to the whole school needs a second person's yes. { $names } was asked; it goes out as soon as one says yes.
second-nobody = An urgent directive to the whole school needs a second person's yes, and nobody else can be asked here, so nothing was sent. Go back and make it a normal one, or ask another responsible person to bind their account first.
second-ask = 【Your yes is needed】 { $by } wants to send this to the whole school as urgent. It goes out at once when you agree.
second-declined = { $name } did not agree. Nothing was sent.
compose-sent = ✅ Sent as { $number }.
compose-cancelled = Cancelled, nothing was sent.
ask-note = Please type the note from { $unit }; it goes down with { $number }. /cancel to stop.
ask-done = Please tell how { $unit } carried out { $number }, in words or with a photo. /cancel to stop.
ask-return-reason = Please say why the report of { $unit } on { $number } is sent back. /cancel to stop.
ask-new-text = Please send the whole corrected text of { $number }. Those who confirmed the old one will see the correction and must confirm again. /cancel to stop.
preview-edit-head = Corrected text of { $number }. Not sent yet
confirm-withdraw = Withdraw { $directive }? Every chat will show that it is withdrawn, and reminders end.
compose-edited = ✅ { $number } is corrected, and replies are asked for again in { $chats ->
    [one] 1 chat
   *[other] { $chats } chats
}.
compose-withdrawn = { $number } is withdrawn. Every chat will show it.
preview-in-private = The preview is in your private chat: look at it and send it there.

## Buttons

button-ack = ✅ Received
button-ack-number = ✅ Received { $number }
button-relay = Relay now
button-note = Relay with a note
button-done = Carried out
button-accept = ✅ Accept
button-return = Send back
button-phone = ✆ { $name }: reached by phone
button-unreach = Not reached
button-urgent = Urgent
button-info = No reply needed
button-units = Units
button-due = Due
button-attach = Attach
button-reference = Reference
button-send = Send
button-send-confirm = Yes, send
button-cancel = Cancel
button-second-decline = Do not send
button-back = Back
button-edit = Correct
button-remind = Remind the missing
button-withdraw = Withdraw
button-withdraw-confirm = Yes, withdraw
button-open = See how far it is
button-previous = ‹ Previous
button-next = Next ›
button-admit = Yes, it is
button-deny = No, it is not
button-verify = { $name } verified
button-join = Bind my account
button-contact = Share my phone number

button-take = I am on it
button-told = Note a report
button-progress = Add news
button-clear = Verify and close
button-alert = Look and act
button-skip = Skip
button-submit = ✅ Send

## Urgent matters

alert-head = URGENT: { $name }{ $kind ->
    [updated] {" "}– there is more
    [untaken] {" "}– nobody on it for { $minutes } minutes
    [half] {" "}– half of the time to report it is over
    [overdue] {" "}– the time to report it is over
    [followup] {" "}– how is it going?
   *[fresh] {""}
}
alert-why = Reported at { $at }: { $why }
alert-corrected = The report was corrected since and does not say this any more. Please verify.
alert-phone = Phone: { $phone }
alert-guardian = Guardian { $name }: { $phone }
alert-untaken = Nobody is on it yet. Please press “I am on it”.
alert-taken = { $who } is on it (since { $at }).
alert-due = Please report it by { $due } and press “Note a report”.
alert-due-passed = It was to be reported by { $due }. Please report it now and press “Note a report”.
alert-told = { $at } reported to { $to } ({ $who }, after { $minutes } min{ $late ->
    [yes] , too late
   *[no] {""}
})
alert-note = { $at } { $who }: { $text }
alert-cleared = ✅ Closed by { $who } at { $at }, { $outcome ->
    [mistaken] entered wrongly
   *[closed] verified and dealt with
}: { $why }
alert-outcome = { $outcome ->
    [mistaken] Entered wrongly
   *[closed] Verified and dealt with
}
alert-ask-told = To whom was the case of { $name } reported? Press a button, or type the name of the office.
alert-told-noted = ✅ Noted: the case of { $name } was reported to { $to }.
alert-ask-clear = What did the check find about { $name }? The answers stay as they are; this is noted beside them.
alert-ask-why = { $outcome ->
    [mistaken] Please type how this was verified, such as “phoned; the temperature was mistyped, it is 36.5”. The case of { $name } will be closed as entered wrongly.
   *[closed] Please type how it ended, such as “saw a doctor, resting at home, no isolation”. The case of { $name } will be closed as dealt with.
}
alert-ask-note = Please type the news about { $name }, such as “taken to the doctor, waiting for the result”.
alert-note-noted = ✅ Noted the news about { $name }. Everyone who knows of the case can see it.
alert-final-head = URGENT, now closed: { $name }
alert-final-reasons = What it was: { $why }
alert-final-outcome = Outcome: { $outcome }. { $why }
alert-final-honest = The answers and the day's figures stay as they were; that it was entered wrongly is noted beside them.
alert-final-lines = What happened:
alert-final-tiers = Who knew and reported, by tier:
alert-line-opened = Reported: { $why }
alert-line-updated = Reported as well: { $why }
alert-line-corrected = The report was corrected
alert-line-informed = Informed: { $who }
alert-line-taken = { $who } was on it
alert-line-escalated = Nobody was on it: brought to the leaders
alert-line-overdue = The time to report it was over
alert-line-told = { $who } reported it to { $to }
alert-line-note = { $who }: { $text }
alert-line-cleared = Closed by { $who }
alert-tier-other = Others who knew
alert-tier-knew = informed { $at }
alert-tier-unknown = no time recorded
alert-informed = Told: { $names }. They will be in touch with { you } soon.
alert-informed-for = Told: { $names }. They will look after { $name } soon.
alert-informed-nobody = The report is recorded, but nobody responsible can be reached just now. Please phone them.
authority = { $to ->
    [community] the community
    [control] disease control
   *[education] the education office
}
urgent-kind = { $kind ->
    [symptom] Fever or symptoms
    [contact] Contact with a case
    [isolation] In isolation
    [case] Confirmed or suspected
   *[other] Something else
}
urgent-reason = { $kind } ({ $words })
urgent-own = Myself
urgent-who = About whom? Press a name, or type a name or code.
urgent-what = What happened? About: { $whom }
urgent-words = { $whom }: { $kind }.
    If there is more to say, type it (temperature, place, time); otherwise press “Skip”.
urgent-ready = About to report: { $whom }, { $kind }. Those responsible are told as soon as you send it.
urgent-sent = ✅ Reported. Thank you!
urgent-cancelled = Cancelled. Nothing was sent.
urgent-nobody = There is nobody you could report about here. In an emergency, please call the school.

## Binding

welcome = { $who ->
    [student] Hello { $name }!
    [guardian] Hello { $name }!
   *[staff] Hello { $name }!
}
welcome-bound = This account is bound to you now.
welcome-bound-units = This account is bound to you now: { $units }.
welcome-how = Directives for you will come here. When you have read one, press “✅ Received” or reply “received”.
welcome-help = /today shows what waits for you, /help what you can do.
welcome-back = This account is bound to you already; there is nothing to do.
not-bound = Hello! This is the school's bot for directives. Your account is not bound to anybody yet. Please ask your counselor, class teacher or college for a link, or press the button in your unit's group if there is one.
link-used = This link has been used. If that was not you, please ask whoever sent it for a new one.
link-expired = This link is no longer valid. Please ask whoever sent it for a new one.
link-unknown = This link is not right. Please check that you copied all of it, or ask for a new one.
slow-down = Too many tries. Please try again in { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}.
account-taken = This account is bound to { $name } and cannot be bound to somebody else. If that is wrong, please tell your school.
person-taken = This person is bound to another account. If you have changed yours, please ask for a new link.
link-burnt = Links must not be posted in a group. To be safe, this one is void now; please ask for a new one in private.
choose-language = Please choose a language.
language-name = { $tag ->
    [en] English
   *[zh-CN] 中文
}
language-set = Good, I will write to you in English.
cancelled = Cancelled.
nothing-to-cancel = There is nothing to cancel.
invite = { $unit }: please press the button and tell me in private who you are, so that directives reach you. You will need your student or staff number and your own phone number.
ask-code = Please type your student or staff number, or the code you were given.
code-unknown = That number is not right, or cannot be used here. Please check it and type it again, or ask your school.
ask-contact = { $name }, please press the button below to share your own phone number, so that we know it is you.
not-your-contact = That is not your own phone number. Please press the button below.
asked-responsible = Your phone number is not the one we have. The person responsible has been asked and will decide soon.
nobody-to-ask = Your phone number is not the one we have, and there is nobody here to ask. Please get in touch with your school.
admission = The account “{ $shown }” says it is { $person } ({ $code }) of { $unit }, but the phone number differs from the roster. Is it really them?
admission-rebinding = If you say yes, the account bound before stops working.
admission-admitted = ✅ Admitted by { $by }: the account “{ $shown }” is { $person }.
admission-denied = Refused by { $by }: the account “{ $shown }” is not { $person }.
denied = { $unit } could not confirm who you are, so your account was not bound. Please get in touch with them.
unbound = { $name } is now bound to another account, and this one gets no more directives. If that was not you, please tell your school at once.
new-link = Link for { $name }, valid until { $expires }, works once. Please pass it on in private:
registered = ✅ This chat is bound to { $unit } (tier: { $tier }).
registered-group = ✅ This chat is a further group of { $unit }: it is informed and owes no replies.
registered-admin = Please make the bot an administrator: then “received” and 👍 count without replying, and members can be checked.
chat-replaced = { $unit } is bound to another chat now; the bot is silent here from now on.
chat-lost = The bot was removed from “{ $title }” ({ $unit }). Until it is invited back, what the chat would get goes out in private.
other-bot = Messages for your unit are sent by @{ $bot } now. Please open it and press Start; until then they still come from here:
other-bot-started = You can use this bot as well; notices and reminders come from @{ $bot }.
bot-fails = ⚠️ The bot @{ $bot } cannot send at present: { $why ->
    [frozen] Telegram asks it to wait for a long time
   *[other] Telegram does not accept its token; please tell whoever runs the system
}. The other bots are not affected; who has started another one is written to by that.
bot-fails-units = Chats that get nothing for now: { $chats } ({ $units }).
bot-fails-people = People who cannot be written to in private for now: { $people }.
bot-fails-by-phone = Please use the telephone for what is urgent. You will be told when the bot is back.
bot-fails-nobody = At present no chat and nobody goes without because of it.
bot-back = ✅ The bot @{ $bot } sends again.
members-head = Members of “{ $title }” ({ $unit })
members-known = On the roster: { $expected }. Seen here: { $known }.
members-missing = Not seen here yet
members-strangers = Here, but not on the roster
members-seen = last seen at { $at }
new-strangers = These joined “{ $title }” ({ $unit }) and are not on its roster. Please check:
contacts-head = { $unit } · contacts verified { $verified }/{ $total }
contacts-ask = Please verify them one by one, and tap each that is right.
contact-none = no phone
contact-verified = verified
unreachable-head = { $unit } · whom the bot cannot reach
unreachable-unbound = Not bound
unreachable-never-started = Bound, but never started the bot
unreachable-blocked = Blocked the bot
unreachable-none = Everybody can be reached.

## Help and commands

help-head = I pass the school's directives down to everyone and keep track of who has received them.
help-ack = When you have read a directive, press “✅ Received”, or reply “received” to it, or react with 👍: all count the same.
help-guardian = If you have several children, confirming once is enough.
help-directive = To send out a directive, use /directive: look at the preview, choose how far down it goes, then send.
help-commands = Commands:
help-group = Commands in this group, for those responsible:
command = { $name ->
    [today] What waits for me
    [urgent] Report something urgent at any time
    [checkin] Today’s check-in
    [directive] Send out a directive
    [track] How far a directive is
    [pending] Who has not replied yet
    [status] How check-ins and replies stand
    [confirm] Check and confirm the figures
    [signoff] Review and sign the day
    [digest] The digest as of now
    [export] The day's workbook; a date may follow
    [remind] Remind who has not replied
    [invite] Invite people to bind their account
    [members] Who is in the chats, against the roster
    [contacts] Verify contacts, or carry them along: /contacts export
    [privacy] what is kept about me, and who sees it
    [mydata] everything that is kept about me
    [lang] Language / 语言
    [cancel] Leave what I am doing
   *[help] What I can do here
}

## What cannot be done

refused-no-right = Sorry, your role does not include this.
refused-only-in-private = Please use this command in your private chat with the bot.
refused-only-in-own-group = Please use this command in your own unit's group.
refused-no-face = I cannot see who you are: please switch off anonymity, write as yourself and try again.
refused-chat-not-bound = This chat is not bound to a unit yet. Whoever is responsible binds it with /register and a code.
refused-wrong-code = That code is wrong, used or expired.
refused-not-your-unit = That code belongs to a unit that is not in your care.
refused-slow-down = Too many tries. Please try again in { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}.
refused-chat-taken = This chat is bound to { $unit } already.
refused-no-such-directive = There is no such directive, or it is not one you may see.
refused-no-such-person = There is no such person, or they are not in your care.
refused-reminded-lately = They were reminded just now. Please wait { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}.
refused-nobody-missing = Everybody has replied; there is nobody to remind.
refused-not-understood = Sorry, I did not understand that. Please try again as described.
refused-too-long = That is too long: at most { $most } characters, please.
refused-wrong-kind = Only text, documents and photos can be sent out.
refused-bad-due = The due time must lie ahead, within 30 days.
refused-too-late = Things have moved on; this is no longer possible.
refused-busy = You have not finished something else. Please finish it, or leave it with /cancel.
refused-verb = Sorry, your role does not let you { $verb ->
    [ack] confirm this directive
    [relay] relay this directive
    [note] add a note to this directive
    [done] report this directive as carried out
    [accept] review what was carried out
    [return] review what was carried out
    [phone] note phone calls here
    [unreach] note phone calls here
    [take] take this list
    [excuse] excuse people here
    [edit] correct this directive
    [withdraw] withdraw this directive
    [remind] remind others here
    [admit] confirm who people are here
    [deny] confirm who people are here
    [take] handle this case
    [told] note reports to authorities
    [clear] close this case
    [verify] verify contacts here
    [confirm] confirm these figures
    [sign] sign this day
    [reject] send this day back
    [filed] note this as filed
    [open] see this
    [page] see this
    [same] report for this person
    [fill] report for this person
    [ans] report for this person
    [next] report for this person
    [submit] report for this person
    [change] change this person’s report
   *[other] do this
}.

## Answers to a press

toast-acked = ✅ Received, thank you!
toast-acked-late = Received (after it was due), thank you!
toast-acked-for = ✅ Confirmed for { $children }, thank you!
toast-acked-for-late = Confirmed for { $children } (after it was due), thank you!
toast-already-acked = You already confirmed this at { $at }.
toast-household-acked = { $by } has confirmed for your child already.
toast-not-yours = You need not confirm this one here. Thank you!
toast-not-bound = Your account is not bound yet. Please write to the bot in private first.
toast-reported = ✅ Filled in, thank you!
toast-reported-late = Filled in (after the deadline, so it counts as late), thank you!
toast-supplemented = Kept as supplement No. { $number }, thank you!
toast-reported-before = It was filled in at { $at }; there is no need to do it again.
toast-reported-by = { $by } filled it in at { $at }; there is no need to do it again.
toast-form-over = The check-in of this day is over. Please send /checkin for the latest one.
toast-form-moved = This step is done. Please look at what the message shows now.
toast-choose-some = Please choose at least one.
toast-give-reason = This day is signed: please type the reason for the change first.
toast-form-below = The form is open: please see below.
toast-outdated = This message is out of date. Please look at the newest one.
toast-somebody-elses = This was made for somebody else.
toast-withdrawn = This directive has been withdrawn. Nothing left to do.
toast-choose-depth = Please choose first how far down it goes.
toast-empty = There is nothing in it yet: please write a text or attach something.
toast-no-units = No unit is addressed yet: please choose at least one.
toast-type-it = Please type it in your private chat with the bot.
toast-start-first = The bot cannot write to you yet: please open your chat with it and press Start.
toast-already-done = { $by } has done this already.
toast-noted = Noted.
toast-relaying = On its way down.
toast-reminded-lately = They were reminded just now. Please wait { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}.
toast-failed = Sorry, that did not work. Please try again.

## Figures, confirmed and signed

tally-date = { $day } { month }
tally-no-day = There are no figures yet: no day of check-ins has begun.
tally-counts = Expected { $expected }, reported { $reported }, missing { $missing }
tally-missing = missing { $count }
tally-excused = excused { $count }
tally-unreachable = not reached { $count }
tally-late = late { $count }
tally-changed = changed { $count }
tally-watch = to watch { $count }
tally-urgent = urgent { $count }
tally-nothing = Nothing changed, nothing unusual (zero report)
tally-nothing-yet = Nothing changed or unusual so far
tally-confirmed = confirmed
tally-confirmed-at = confirmed at { $at }
tally-missing-names = Not checked in yet
status-day = Check-in of { $date }
confirm-head = Figures to confirm · check-in of { $date }
confirm-head-again = Reminder: the figures of { $date } are not confirmed yet. Please look at them soon.
confirm-head-changed = Please confirm again: the figures of { $date } changed after they were confirmed.
confirm-head-returned = Sent back: please check the figures of { $date } and confirm them again.
confirm-ask = Please check them, then press “Confirm”, also when nothing changed and nothing is unusual (zero report).
confirm-insist = { $missing ->
    [1] 1 person has not reported
   *[other] { $missing } people have not reported
} and there is still time. To confirm all the same, please press once more.
confirm-done = ✅ All of it is confirmed. Nothing left to do.
confirm-signed = The day is signed and its figures stay as they are. Late reports and corrections become supplements.
confirm-watch = To watch
watched-far = { $name } (about { $km } km from the last place)
confirm-waiting = Classes that have not confirmed: { $units }. You may confirm before them; the figures above include them.
confirm-by = ✅ Confirmed at { $at } by { $by }
confirm-changed = Changed since it was confirmed at { $at }: please confirm again
confirm-returned = Sent back by { $by }: { $why }
unconfirmed-head = Not confirmed by { $due }: the figures of { $date } of these units.
unconfirmed-nobody = nobody is on record as responsible
unconfirmed-ask = Please see to it that they are checked and confirmed, also when nothing is unusual (zero report).
sign-head = Sign-off · check-in of { $date }
sign-confirmed = Colleges confirmed { $confirmed }/{ $units }
sign-urgent = ❗ Urgent: { $count ->
    [1] 1 person
   *[other] { $count } people
}
standing-open = not confirmed
standing-changed = changed since it was confirmed
standing-returned = sent back, to be confirmed again
sign-review = { $may ->
    [yes] There is something urgent in this day: a leader reviews it first; after that it can be signed.
   *[no] There is something urgent in this day: it waits for a leader’s review.
}
sign-reviewed = ✅ Reviewed at { $at } by { $by }
sign-ask = { $may ->
    [yes] Please check the figures, then sign. From then on they are locked; late reports and corrections become supplements.
   *[no] It waits to be signed.
}
sign-late = It should have been signed by { $due }; { $signers } may sign.
sign-late-nobody = It should have been signed by { $due }, and nobody on the roster may sign. Please name somebody.
sign-signed = ✅ Signed at { $at } by { $by }. The figures are locked.
sign-why = Reason: { $why }
sign-filed = On file: sent to { $to } at { $at } by { $by }
sign-file-due = Please file it with the authority by { $due } and note it here.
sign-file-late = It should have been filed by { $due } and is not noted as filed. Please file it soon.
sign-supplements = Supplements after signing:
supplement-number = Supplement { $number }
supplemented = A supplement to the signed figures of { $date } (the signed numbers stay as they are):
return-head = Send back the figures of { $date }: please choose the unit.
ask-send-back = Please say why { $unit } has to look at its figures again. /cancel to leave it.
sent-back = Sent back to { $unit }; { $told } will confirm again. You will hear of it.
sent-back-nobody = Sent back to { $unit }, but the bot can reach nobody responsible there. Please phone them.
ask-sign-reason = The day is incomplete: missing { $missing }, colleges not confirmed { $unconfirmed }. To sign all the same, please type the reason; /cancel to leave it.
ask-filed = Please type with which authority it was filed, for example “City Education Bureau”. /cancel to leave it.
reconfirmed = { $unit } has checked and confirmed the figures of { $date } again ({ $by }):
button-confirm = ✅ Confirm
button-open-confirm = Check and confirm
button-open-sign = Look and sign
button-confirm-insist = Confirm all the same
button-review = ✅ Reviewed
button-sign = ✅ Sign
button-reject = Send back
button-below = Classes ›
button-earlier = { $date }: not signed
button-filed = Note as filed
button-filed-last = Filed with { $to }
toast-confirmed = { $units ->
    [1] ✅ Confirmed, thank you!
   *[other] ✅ { $units } units confirmed, thank you!
}
toast-already-confirmed = { $by } has confirmed this at { $at } already.
toast-still-missing = { $missing ->
    [1] 1 person has not reported
   *[other] { $missing } people have not reported
} and there is still time. To confirm all the same, press “Confirm all the same”.
toast-figures-changed = The figures have just changed and are shown anew. Please look at them and press again.
toast-signed = { $by } signed this day at { $at }. Its figures stay as they are.
toast-needs-review = There is something urgent in this day: a leader reviews it first.
toast-reviewed = ✅ Reviewed.
toast-signed-now = ✅ Signed. The figures are locked.
toast-filed = ✅ Noted as filed.

# The workbook of a directive's receipts (documents::receipts)
sheet-receipts = Receipts
sheet-legs = Relays
sheet-tier = Tier
sheet-unit = Unit
sheet-code = Code
sheet-name = Name
sheet-arrived = Arrived
sheet-due = Due
sheet-acked = Acknowledged
sheet-by = By
sheet-way = Way
sheet-late = Late
sheet-reminders = Reminders
sheet-escalated-at = Escalated
sheet-escalated-to = Escalated to
sheet-noted-by = Noted by
sheet-place = Where
sheet-relay = How relayed
sheet-relayed-by = Relayed by
sheet-must = Must
sheet-reported = Received
sheet-done = Carried out
sheet-yes = yes
way-none = missing
way-button = button
way-reply = reply
way-reaction = reaction
way-word = word
way-phone = phone
place-group = group
place-private = private
relay-none = not yet
relay-issued = issued
relay-copy = copy
relay-ack = after receipt
relay-button = by button
relay-auto = to all at once
relay-anyway = anyway, overdue
relay-with_class = with its class
relay-with_last_class = with the last class
done-reported = reported
done-accepted = accepted
done-returned = sent back

# The demo
demo-hint = You can be anybody; a step makes you that person.
demo-step-1 = “President Li”: /directive and a text, in private
demo-write = /directive Please check all dormitories today.
demo-step-2 = Under the preview: to students and guardians, send, confirm
demo-step-3 = “Secretary Zhang”: received in the school group, relay in private
demo-step-4 = It has arrived in the college’s group
demo-step-5 = In the morning, “Zhang Yi”: check in from the class group, no change
demo-step-6 = “Teacher Zhao”: /status in the class group
demo-step-7 = “Teacher Zhao”: /confirm in private
demo-step-8 = “Director Zhou”: /signoff in private
demo-opening = Please check the contacts of all students and update what has changed today.
demo-directive = To all students and guardians: from today nobody returns to campus early without approval. Please relay this from tier to tier to every student and guardian, and acknowledge it in time.
demo-report = Relayed class by class; those who were silent were reached by phone.
demo-sign-reason = The counselors are phoning everybody who is missing.
demo-authority = City education office
demo-clear-reason = Seen by a doctor: a cold, resting at home.
demo-excuse = On sick leave, stomach flu
demo-city = Sampleshire, Willowmere, Brook district
demo-tier = { $tier }: arrived { $units }, must { $must }, received { $acked } (late { $late }, by phone { $phone }), reminders { $reminders }, escalated { $escalated }
tier-0 = School
tier-1 = College
tier-2 = Class
tier-3 = Guardians
role-leader = leader
role-office = office
role-secretary = college secretary
role-counselor = counselor
role-student = student
role-guardian = guardian
role-tutor = tutor
role-proxy = proxy
role-staff = staff
role-auditor = auditor

# The day's workbook (documents::day)
booksheet-summary = Summary
booksheet-missing = Missing
booksheet-answers = Answers
booksheet-directives = Directives
booksheet-signoff = Sign-off
book-date = Date
book-unit-code = Unit code
book-expected = Expected
book-reported = Reported
book-missing = Missing
book-excused = Excused
book-unreachable = Unreachable
book-late = Late
book-changed = Changed
book-watch = Watch
book-urgent = Urgent
book-confirmed-by = Confirmed by
book-confirmed-at = Confirmed at
book-person-code = Code
book-name = Name
book-state = State
book-phone = Phone
book-reported-at = Reported at
book-by = Reported by
book-number = Number
book-title = Title
book-issued-at = Issued
book-relayed-at = Relayed
book-done-at = Carried out
book-act = Act
book-act-by = By
book-act-at = When
book-act-to = Filed with / sent back to
book-act-reason = Reason
book-act-reviewed = Reviewed by leadership
book-act-rejected = Sent back
book-act-signed = Signed
book-act-supplement = Supplement { $number }
book-act-filed = Filed
bookstate-reported = reported
bookstate-missing = missing
bookstate-excused = excused
bookstate-unreachable = unreachable
book-no = no
book-photo = photo

# A unit's contacts (documents::directory)
directory-file-name = { $unit }-contacts.xlsx
directory-verified = Verified
directory-reachable = Reachable

# The digest's chart (documents::chart)
chart-title = { $school }: daily check-in
chart-at = { $day }, as of { $time }
chart-day = { $weekday } { $day } { $month }
chart-units = Completion today, by { $tier }
chart-deadline = due { $time }
chart-rest = the other { $count }
chart-days = Completion of the last { $days } days (%)
chart-none = Nothing yet
monthname-1 = Jan
monthname-2 = Feb
monthname-3 = Mar
monthname-4 = Apr
monthname-5 = May
monthname-6 = Jun
monthname-7 = Jul
monthname-8 = Aug
monthname-9 = Sep
monthname-10 = Oct
monthname-11 = Nov
monthname-12 = Dec
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun

## Own data

privacy-head = About your data at “{ $school }”
privacy-what = · What is kept: name, code, unit and phone from the school's roster, the Telegram account you bound, when you received notices and checked in, and your check-in answers.
privacy-why = · What for: passing on directives, the daily check-in, adding up figures, and reaching you when something is urgent. Nothing else.
privacy-who = · Who sees it: you. Your answers are seen by your own counselor only. When something is urgent, your college, the office and whoever looks after you are told at once. Further up only numbers are seen. Answers, places and phone numbers never appear in a group.
privacy-long = · How long: answers { $answers } days, places { $locations } days; then they are deleted and only the numbers stay.
privacy-sealed = · Phone numbers, answers and places are kept encrypted, and whoever looks at or changes them is recorded.
privacy-own = Send /mydata to see everything that is kept. If something is wrong, tell your counselor; once you have left, you may ask for it to be erased.
own-head = { $name }, this is what is kept about you:
own-receipts = · { $count } { $count ->
    [one] acknowledgement
   *[other] acknowledgements
}
own-days = · check-ins on { $count } { $count ->
    [one] day
   *[other] days
}
own-reminders = · { $count } { $count ->
    [one] reminder
   *[other] reminders
}
own-alerts = · { $count } { $count ->
    [one] urgent case
   *[other] urgent cases
}
own-seen = · seen or changed by others { $count } { $count ->
    [one] time
   *[other] times
}
own-file = Everything is in the file below, which is sent to you alone.
own-file-name = my-data
own-fact = { $label }: { $value }
own-person = Who you are
own-name = Name
own-code = Code
own-role = Role
own-phone = Phone
own-answers-for = Answers for
own-contacts = Contacts
own-account = Telegram account
own-verified = Phone verified
own-receipts-head = Acknowledgements
own-days-head = Check-ins
own-alerts-head = Urgent cases (from, until)
own-answers-gone = (answers deleted, their time is over)
own-seen-head = Who looked or changed something
own-program = the system

# Digest and export (text::paper)
digest-head = [Daily digest] { $unit }, { $date }, as of { $at }
digest-figures = Expected { $expected }, reported { $reported }, missing { $missing } ({ $share } complete)
digest-late = late { $count }
digest-excused = excused { $count }
digest-unreachable = unreachable { $count }
digest-lagging = Most missing: { $units }{ $more ->
    [yes] {" "}({ $tier }: { $total } with someone missing)
   *[no] {""}
}
digest-lagging-unit = { $unit } { $missing }
digest-before = { $how ->
    [fewer] { $count } fewer missing than on the last day
    [more] { $count } more missing than on the last day
   *[same] As many missing as on the last day
}
digest-changed = answers changed: { $count }
digest-calm = Nothing urgent, nothing to watch.
digest-urgent = Urgent: { $count }{ $open ->
    [0] , all verified and closed
   *[other] , { $open } still open
}
digest-mistaken = entered wrongly: { $count }
digest-watch = to watch: { $count }
digest-confirmed = Figures confirmed, { $tier }: { $confirmed }/{ $of }
digest-waiting = waiting for { $units }
digest-signed = Signed by { $by }, { $at }
digest-unsigned = The day is not signed yet.
digest-filed = filed with { $to }
digest-overdue = Overdue directives: { $count }
digest-overdue-line = • { $directive }: units { $units }, replies missing { $missing }
digest-medians = Median time to reply today: { $tiers }
digest-median = { $minutes ->
    [0] { $who } under 1 min
   *[other] { $who } { $minutes } min
}
digest-silent = ⚠️ Nothing went out today although something was to. Please tell whoever runs the service at once.
digest-unexplained = ⚠️ Reminders neither sent nor explained: { $count }. Please tell whoever runs the service.
export-ask = The workbook of { $unit } for { $date } holds names with answers ({ $people }). Please keep it safe and do not pass it on to a group. Export it?
exporting = The workbook of { $unit } for { $date } is being made and comes here in a moment.
no-day-on = There was no check-in on { $date }.
no-day-yet = There has been no check-in yet.
export-bad-date = I could not read that date. Please write it like this: /export 2026-11-23
button-export-answers = Export with answers
button-export-figures = Figures only, no answers
