# 机器人说的每一句话。学生称“你”，其他人称“您”，群里不指名。
# $reader：student 学生 · adult 其他人 · group 群

## 通用

you = { $reader ->
    [student] 你
   *[adult] 您
}
join = 、
number = { $year }年第{ $number }号
number-draft = 草稿
directive = { $number }“{ $title }”
month = { $month }月
time-day = { month }{ $day }日 { $time }
time-year = { $year }年{ month }{ $day }日 { $time }
more-people = …等 { $total } 人
more-units = …等 { $total } 个单位
more-items = …等 { $total } 项
page = 第 { $page }/{ $pages } 页
row-note = { $what }（{ $note }）
list-label = { $label }：
repeat = 重发：
repeat-number = 重发：{ $number }
due-at = 截止 { $due }
due-overdue = 已逾期（截止 { $due }）
counted = { $counted ->
    [colleges] 学院
    [counselors] 辅导员
    [classes] 班级
    [households] 家长（户）
   *[students] 学生
}
counter = 已回复 { $acked }/{ $must } { $counted ->
    [colleges] 个学院
    [counselors] 位辅导员
    [classes] 个班级
    [households] 户
   *[students] 位同学
}
missing = 尚有 { $missing } { $counted ->
    [colleges] 个学院
    [counselors] 位辅导员
    [classes] 个班级
    [households] 户家长
   *[students] 位同学
}未回复
not-answered = 尚未回复
tier = { $position ->
    [0] 学校
    [1] 学院
    [2] 班级
   *[3] 家长
}

## 通知

card-head = { $urgent ->
    [yes] 【紧急通知】
   *[no] 【通知】
}{ $number }
card-revised = （第{ $revision }版，已更正，请重新确认）
card-revised-info = （第{ $revision }版，已更正）
card-parts = 正文见上，共 { $parts } 条。
card-attachments = 附件见上，共 { $attachments } 件。
card-note = { $who }补充：{ $note }
card-due = 请于 { $due } 前回复“收到”。
card-due-open = 请回复“收到”。
card-due-children = 请{ you }于 { $due } 前代{ $children }确认。
card-due-open-children = 请{ you }代{ $children }确认。
card-info = 知悉即可，无需回复。
card-copy = 抄送（供参考，无需回复）。
card-outdated = 本通知已有更正，请以最新一版为准。
card-own = ✅ 已收到 { $at }
card-own-children = ✅ 已代{ $children }确认 { $at }
card-withdrawn-head = 【已撤回】{ $number }
card-withdrawn = 本通知已撤回，无需再回复或执行。
part-head = { $number }（{ $part }/{ $parts }）
withdrawn = { $directive }已撤回，无需再回复或执行。

## 提醒与催报

remind-group-head = 【提醒】{ $directive }
remind-group-due = 请于 { $due } 前回复“收到”。
remind-group-overdue = 截止时间 { $due } 已过，请尽快回复“收到”。
remind-group-open = 请尽快回复“收到”。
reminder-head = { $count ->
    [1] 【提醒】{ you }有 1 件通知尚未回复：
   *[other] 【提醒】{ you }有 { $count } 件通知尚未回复：
}
reminder-head-children = { $count ->
    [1] { $children }家长，您好！有 1 件通知请您代孩子确认：
   *[other] { $children }家长，您好！有 { $count } 件通知请您代孩子确认：
}
reminder-item = { $urgent ->
    [yes] 【紧急】
   *[no] {""}
}{ $directive }
for-children = 代{ $children }确认
which-head = 有几件通知都在等{ you }回复，“收到”指的是哪一件？请点选：
acknowledged = ✅ 已收到：{ $numbers }。谢谢！
escalation-head = { $urgent ->
    [yes] 【紧急催报】
   *[no] 【催报】
}{ $directive }
escalation-second = 经提醒和催报仍未全部回复，特此上报。
escalation-ask = 请督促尽快回复。已电话联系的、联系不上的，请在下面登记。
escalation-done = ✅ 已全部回复，无需再处理。
mark-acked = 已回复
mark-unreached = 联系不上
mark-unreachable = 私聊送不到，请电话联系

## 每日打卡：提问与催报

day-date = { month }{ $day }日（周{ $weekday ->
    [0] 一
    [1] 二
    [2] 三
    [3] 四
    [4] 五
    [5] 六
   *[6] 日
}）
day-head = 【{ $title }】{ $date }
day-group-ask = { $guardians ->
    [yes] 各位家长好！请于 { $deadline } 前代孩子完成今日填报。
   *[no] 请同学们于 { $deadline } 前完成今日打卡。
}点下面的按钮到私聊填写；情况没有变化的，点一下即可。
day-group-count = 截至 { $at }，已报 { $reported }/{ $expected } 人。
day-group-all = ✅ { $expected } 人已全部上报，谢谢配合！
button-checkin = 去填报
missing-head = 【未打卡名单】{ $date } · 截止 { $deadline }
missing-none = ✅ 已全部上报或登记免报，无需再处理。
missing-vacant = （以下班级没有配置辅导员，故直接报{ you }）
missing-unreachable = （以下班级的辅导员私聊送不到，故直接报{ you }）
missing-total = 全校未报 { $missing } 人，联系不上 { $unreachable } 人。
missing-unit = { $unit }：应报 { $expected } 人，实报 { $reported } 人，未报 { $missing } 人{ $unreachable ->
    [0] {""}
   *[other] ，联系不上 { $unreachable } 人
}
missing-held = （{ $by }正在处理，至 { $until }）
missing-more = …另有 { $more } 个单位
missing-ask = 请联系下列人员。已接通电话的，可当场代为填报；联系不上的、请假的，请登记。
unreached-head = 【联系不上】{ $unit } { $name }
unreached-by = { $by }于 { $at } 拨打电话，未能接通，请协助联系。
unreached-phone = 本人电话：{ $phone }
unreached-guardian = 家长{ $name }：{ $phone }
unreached-settled = ✅ 已上报或已登记免报，无需再联系。
no-phone = 无电话登记
excuse-ask = { $name }今日免报的事由是？请点选，也可直接输入；不登记请发送 /cancel。
excuse-reason = { $reason ->
    [leave] 请假
   *[ill] 就医
}
excuse-done = ✅ 已登记{ $name }今日免报（{ $why }）。
excuse-settled = { $name }已经上报，无需登记免报。
checkin-due-own = { $late ->
    [yes] 今日打卡尚未完成（已于 { $deadline } 截止），请{ you }尽快补报。
   *[no] 今日打卡尚未完成，请{ you }于 { $deadline } 前填报。
}
checkin-due-others = { $late ->
    [yes] { $others }的今日打卡尚未完成（已于 { $deadline } 截止），请{ you }尽快代为补报。
   *[no] { $others }的今日打卡尚未完成，请{ you }于 { $deadline } 前代为填报。
}
checkin-due-both = { $late ->
    [yes] { you }本人和{ $others }的今日打卡尚未完成（已于 { $deadline } 截止），请尽快补报。
   *[no] { you }本人和{ $others }的今日打卡尚未完成，请于 { $deadline } 前填报。
}
checkin-due-done = ✅ 今日打卡已办结，无需再填，谢谢！
reminder-checkin = 【提醒】{ $what }
today-silent = { $unit }：今日打卡未报 { $missing } 人
button-checkin-due = 去打卡
button-excuse = 免报
button-phone-report = ✆ 代{ $name }填报
button-list = 查看名单
toast-on-it = 已登记由{ you }处理，{ $until } 前不再上报。

## 每日打卡：私聊填报

form-call = { $whom ->
    [self] 请{ you }于 { $deadline } 前完成今日打卡。
    [both] 请{ you }于 { $deadline } 前完成今日打卡，并为{ $names }填报。
    [phone] 请{ you }按电话核实的情况，代{ $names }填报。
   *[others] 请{ you }于 { $deadline } 前为{ $names }填报。
}
form-call-late = { $whom ->
    [self] 截止时间 { $deadline } 已过，请{ you }尽快补报。
    [both] 截止时间 { $deadline } 已过，请{ you }尽快补报，并为{ $names }补报。
    [phone] 请{ you }按电话核实的情况，代{ $names }补报（已过截止时间 { $deadline }）。
   *[others] 截止时间 { $deadline } 已过，请{ you }尽快为{ $names }补报。
}
form-about = { $phone ->
    [yes] 代{ $name }填报（电话核实）
   *[no] 为{ $name }填报
}
form-oneself = 本人
form-last = 上次填报：{ $date }
form-answered = { $ask } { $answer }
form-statement-join = ；
form-same = 没有变化的，点“无变化”即完成填报，表示：{ $statement }。有变化的，请点“填写”。
form-fill = 请点“填写”，逐题作答。
form-button-for = { $name }：{ $label }
form-excused = 老师已登记今天请假，可以不填。
form-done = ✅ { $how ->
    [own] 已于 { $at } 填报
    [for] 已于 { $at } 为{ $name }填报
    [phone] { $by }已于 { $at } 电话核实后代{ $name }填报
   *[by] { $by }已于 { $at } 代{ $name }填报
}{ $corrected ->
    [yes] ，后有修改
   *[no] {""}
}{ $late ->
    [yes] （迟报）
   *[no] {""}
}，谢谢！
form-supplement = 这一天已签发，本次修改已作为补充记录保存（第 { $number } 号）。
form-change = 如需更正，{ $deadline } 前可以修改。
form-change-late = 如需更正，现在仍可修改；截止时间 { $deadline } 已过，会注明修改时间。
form-next = 下一次填报将于 { $next } 开放。
form-question = { $at }/{ $of }　{ $ask }
form-hint-multi = 选完后请点“选好了”。
form-hint-number = 请直接输入数字{ $range }。
form-hint-text = 请直接输入，最多 { $max } 字。
form-hint-location = 请点输入框下方的“📍 发送位置”。
form-hint-photo = 请直接发来照片。
form-range = { $between ->
    [both] （{ $min }～{ $max }）
    [least] （不小于 { $min }）
   *[most] （不大于 { $max }）
}
form-summary = { $correction ->
    [yes] 需要改哪一项，请点对应的“修改”；改好后点“提交”：
   *[no] 请核对，无误后点“提交”：
}
form-reason = 这一天的数据已签发，修改将作为补充记录保存。请输入修改原因（200 字以内）：
form-below = 请看下面最新的一条。
form-over = 这一天的填报已经结束。发送 /checkin 可打开最新的一份。
form-no-day = 目前没有要填的表。下一次填报将于 { $next } 开放，到时会通知{ you }。
form-no-day-at-all = 目前没有要填的表。
form-not-expected = 今天没有需要{ you }填报的内容，谢谢！如有疑问，请联系辅导员或学校办公室。
form-ask-location = 请点下方按钮，发送{ you }现在的位置。
form-fault-empty = 请先选择或输入内容。
form-fault-number = 没有读出数字，请只输入一个数字。
form-fault-range = 超出了范围{ $range }，请核对后重新输入。
form-fault-fahrenheit = 这像是华氏度，约合 { $celsius } 摄氏度，请按摄氏度输入。
form-fault-long = 最多 { $max } 字，现有 { $length } 字，请精简后重新输入。
form-fault-choice = 没有这个选项，请点下面的按钮，或输入选项的文字、序号。
form-fault-yes-no = 请点“是”或“否”，也可以直接输入。
form-fault-kind = 这一题{ $kind ->
    [number] 请输入一个数字
    [text] 请输入文字
    [location] 请点输入框下方的“📍 发送位置”
    [photo] 请发来一张照片
   *[other] 请点下面的按钮，或输入选项的文字、序号
}。
form-fault-forwarded = 转发的消息不能作为回答，请{ you }自己作答。
form-fault-submit = 各题都已答完：点“提交”即可；要改哪一项，请点对应的“修改”。
answer-yes = 是
answer-no = 否
answer-nothing = 无
answer-location = 已发送位置
answer-photo = 已发送照片
answer-skipped = 未填
button-same = 无变化
button-fill-in = 填写
button-change = 修改
button-change-one = 修改 { $number }
button-next-multi = 选好了
button-question-back = 上一题
button-location = 📍 发送位置

## 传达与落实

duty-relay-at = 将于 { $at } 自动传达到下一级；也可立即传达，或补充说明后传达。
duty-relay-waiting = 请尽快传达到下一级。
duty-relayed = 已于 { $at } 传达到下一级。
duty-open = 落实后请点“已落实”，反馈落实情况。
duty-reported = 已于 { $at } 反馈落实情况，等待审核。
duty-accepted = ✅ 落实情况已审核通过（{ $by }）。
duty-returned = 落实情况被退回补充（{ $by }）：{ $why }
review-head = 【落实情况反馈】{ $directive }
review-by = { $unit }（{ $by }）反馈：
review-media = 图片见上。
review-reported = { $at } 报来，请审核。
review-accepted = ✅ 已审核通过（{ $by }）。
review-returned = 已退回补充（{ $by }）：{ $why }

## 发送情况

sent-head = ✅ 已发出：{ $directive }
sent-head-urgent = ✅ 已发出（紧急）：{ $directive }
sent-reach = 发往 { $chats } 个群、{ $people } 人。
sent-no-chat = 以下单位尚未绑定群，改为私聊通知
sent-removed = 机器人已被移出以下单位的群，改为私聊通知
sent-unreachable = 有 { $people } 人私聊送不到（未绑定或已停用机器人），请电话通知。

## 查看

track-issued = { $at } 发出
track-revision = 第{ $revision }版
track-withdrawn = 已撤回
track-tier = { counted } { $acked }/{ $must }
track-late = 逾期后回复 { $late }
track-arrived = 已传达 { $arrived }/{ $legs }
row-overdue = 逾期
row-late = 迟 { $late }
row-relayed = { $at } 已传达
row-relayed-by = { $at } 由{ $by }传达
row-relay-at = 将于 { $at } 传达
row-waiting = 待传达
row-done = 已落实
track-list-head = 点选一件通知，查看传达和回复情况：
track-list-none = 目前没有可查看的通知。
pending-head = { $unit }：尚未回复的通知
pending-missing = 未回复 { $missing }
pending-none = { $unit }：已全部回复，没有待催报的通知。
status-head = { $unit } · 状态（{ $at }）
status-reach = 机器人可私聊 { $reachable }/{ $expected } 人，已绑定 { $bound } 人
reach-unbound = 未绑定 { $count }
reach-never-started = 未启用 { $count }
reach-blocked = 已停用 { $count }
status-none = 目前没有待回复的通知。
status-more = 另有 { $more } 件通知待回复。
today-head = { you }有 { $count } 件事待办：
today-none = 目前没有待办事项。
today-ack = 待回复：{ $what }
today-relay = 待传达：{ $what }
today-done = 待落实：{ $what }
today-review = 待审核落实情况：{ $what }
today-alert = { $taken ->
    [yes] 紧急情况（由{ you }处理）：{ $name }
   *[no] 紧急情况（尚无人处理）：{ $name }
}
today-confirm = 待确认：{ $date }打卡数据
today-sign = 待审签：{ $date }打卡数据
today-watch = 需要关注：{ $names }
today-admission = 待核实身份：账号“{ $shown }”自称是{ $person }
reminded = 已提醒：群 { $groups } 个，私聊 { $people } 人。
answered-in-private = 已私聊答复，请查看与机器人的对话。
not-understood = 没有看懂这条消息。确认通知请点“收到”，或直接回复那条通知；发送 /help 可查看全部功能。

## 拟稿

ask-text = 请发来要下发的通知：文字、文件或图片均可。发送 /cancel 取消。
preview-head = { $urgent ->
    [yes] 【预览 · 紧急通知】尚未发送
   *[no] 【预览】尚未发送
}
preview-from = 发文单位：{ $from }
preview-reference = 文号：{ $reference }
preview-empty = （尚无正文）
preview-long = （以上为开头；全文共 { $length } 字，将分 { $parts } 条发送，一字不少）
preview-attachments = 附件：{ $attachments } 件
preview-depth = 传达到：{ $depth }
preview-depth-missing = 传达到：请先在下面选择
preview-units = 主送：{ $addressed }/{ $units } 个单位
preview-units-copies = 主送：{ $addressed }/{ $units } 个单位，抄送 { $copies } 个
preview-due-usual = 截止时间：按默认时限
preview-due = 截止时间：收到后 { $hours } 小时内
preview-answer = 回复要求：逐一回复“收到”
preview-info = 回复要求：知悉即可，无需回复
preview-reach = 将发往 { $chats } 个群、{ $people } 人
depth = { $position ->
    [0] { $below }
    [1] 辅导员
    [2] 学生
   *[3] 学生和家长
}
depth-button = { $position ->
    [0] 仅{ $below }
    [1] 到辅导员
    [2] 到学生
   *[3] 到学生和家长
}
units-head = 请点选单位：✓ 主送，✎ 抄送，— 不发。每点一次换一种。
unit-copy = ✎ { $name }（抄送）
due-head = 请选择截止时间（从各群收到时算起），也可直接输入，如“3小时”“2天”“18:00”。
due-usual = 按默认时限
due-hours = { $hours } 小时
ask-attachment = 请发来文件或图片。发送 /cancel 取消。
ask-reference = 请输入文号，例如“示学〔2026〕5号”。发送 /cancel 取消。
confirm-whole = 请再次确认：将向全校 { $chats } 个群、{ $people } 人发送。
confirm-whole-urgent = 请再次确认：将向全校 { $chats } 个群、{ $people } 人发送紧急通知，立即逐级到达。
second-awaited = ⏳ 向全校发送紧急通知，须由另一位负责人确认。已请{ $names }确认，确认后立即发出。
second-nobody = 向全校发送紧急通知，须由另一位负责人确认，而目前没有其他负责人可以在这里确认，因此尚未发送。可返回改为普通通知，或请另一位负责人先绑定账号。
second-ask = 【请您确认】{ $by }拟向全校发送以下紧急通知，经您确认后立即发出。
second-declined = { $name }未同意发送，通知没有发出。
compose-sent = ✅ 已发送，编号 { $number }。
compose-cancelled = 已取消，未发送。
ask-note = 请输入{ $unit }的补充说明，将与{ $number }一并传达到下一级。发送 /cancel 取消。
ask-done = 请反馈{ $unit }落实{ $number }的情况：文字或图片均可。发送 /cancel 取消。
ask-return-reason = 请说明退回{ $unit }（{ $number }）的原因，以便补充。发送 /cancel 取消。
ask-new-text = 请发来{ $number }更正后的全文。已收到原文的人会看到更正，并须重新确认。发送 /cancel 取消。
preview-edit-head = 【更正预览】{ $number }，尚未发送
confirm-withdraw = 确定撤回{ $directive }？撤回后各群将标明“已撤回”，不再提醒和催报。
compose-edited = ✅ { $number }已更正，将在 { $chats } 个群重新确认。
compose-withdrawn = { $number }已撤回，正在各群标明。
preview-in-private = 预览已发到私聊，请确认后发送。

## 按钮

button-ack = ✅ 收到
button-ack-number = ✅ 收到 { $number }
button-relay = 立即传达
button-note = 补充说明后传达
button-done = 已落实
button-accept = ✅ 审核通过
button-return = 退回补充
button-phone = ✆ { $name } 已电话确认
button-unreach = 联系不上
button-urgent = 紧急
button-info = 无需回复
button-units = 主送单位
button-due = 截止时间
button-attach = 附件
button-reference = 文号
button-send = 发送
button-send-confirm = 确认发送
button-cancel = 取消
button-second-decline = 不同意
button-back = 返回
button-edit = 更正
button-remind = 提醒尚未回复的人
button-withdraw = 撤回
button-withdraw-confirm = 确认撤回
button-open = 查看进度
button-previous = ‹ 上一页
button-next = 下一页 ›
button-admit = 是本人
button-deny = 不是本人
button-verify = { $name } 已核实
button-join = 绑定我的身份
button-contact = 发送我的手机号

button-take = 我来处理
button-told = 登记上报
button-progress = 反馈进展
button-clear = 核实了结
button-alert = 查看并处理
button-skip = 跳过
button-submit = ✅ 提交

## 紧急情况

alert-head = 【紧急情况】{ $name }{ $kind ->
    [updated] ：有新情况
    [untaken] ：已过 { $minutes } 分钟，尚无人处理
    [half] ：上报时限已过半
    [overdue] ：已超过上报时限
    [followup] ：请反馈最新进展
   *[fresh] {""}
}
alert-why = { $at } 报告：{ $why }
alert-corrected = 之后更正了填报，更正后没有上述情况，请核实。
alert-phone = 本人电话：{ $phone }
alert-guardian = 家长{ $name }：{ $phone }
alert-untaken = 尚无人处理，请点“我来处理”。
alert-taken = { $who }正在处理（{ $at } 起）。
alert-due = 请于 { $due } 前上报，并点“登记上报”。
alert-due-passed = 上报时限 { $due } 已过，请立即上报，并点“登记上报”。
alert-told = { $at } 已报{ $to }（{ $who }，用时 { $minutes } 分钟{ $late ->
    [yes] ，超时
   *[no] {""}
}）
alert-note = { $at } { $who }反馈：{ $text }
alert-cleared = ✅ { $who }于 { $at } 了结，{ $outcome ->
    [mistaken] 核实为填报有误
   *[closed] 已核实处理完毕
}：{ $why }
alert-outcome = { $outcome ->
    [mistaken] 填报有误
   *[closed] 已核实，处理完毕
}
alert-ask-told = { $name }的情况报给了谁？请点选；报给其他单位的，请直接输入单位名称。
alert-told-noted = ✅ 已登记：{ $name }的情况已报{ $to }。
alert-ask-clear = { $name }的情况核实结果如何？原填报不作改动，核实结果另行记录。
alert-ask-why = { $outcome ->
    [mistaken] 请输入核实经过，例如“电话核实，体温输入有误，实测 36.5℃”。{ $name }的记录将以“填报有误”了结。
   *[closed] 请输入处理结果，例如“已就医，居家休息，无需隔离”。{ $name }的记录将以“处理完毕”了结。
}
alert-ask-note = 请输入{ $name }的最新进展，例如“已陪同就医，等待结果”。
alert-note-noted = ✅ 已登记{ $name }的最新进展，知情的老师都能看到。
alert-final-head = 【紧急情况 · 已了结】{ $name }
alert-final-reasons = 情况：{ $why }
alert-final-outcome = 结果：{ $outcome }。{ $why }
alert-final-honest = 原填报和当日统计保留不变，另注明“填报有误”。
alert-final-lines = 经过：
alert-final-tiers = 各级获知和上报：
alert-line-opened = 报告：{ $why }
alert-line-updated = 又报告：{ $why }
alert-line-corrected = 填报已更正
alert-line-informed = 已通知{ $who }
alert-line-taken = { $who }开始处理
alert-line-escalated = 无人处理，报告领导
alert-line-overdue = 超过上报时限
alert-line-told = { $who }报{ $to }
alert-line-note = { $who }：{ $text }
alert-line-cleared = { $who }了结
alert-tier-other = 其他知情人
alert-tier-knew = { $at } 获知
alert-tier-unknown = 未记录获知时间
alert-informed = 已通知{ $names }，会尽快联系{ you }。
alert-informed-for = 已通知{ $names }，会尽快跟进{ $name }的情况。
alert-informed-nobody = 报告已登记，但暂时联系不到负责老师，请{ you }直接打电话告知。
authority = { $to ->
    [community] 社区
    [control] 疾控部门
   *[education] 教育主管部门
}
urgent-kind = { $kind ->
    [symptom] 体温异常或有症状
    [contact] 接触过病例
    [isolation] 被隔离
    [case] 确诊或疑似
   *[other] 其他紧急情况
}
urgent-reason = { $kind }（{ $words }）
urgent-own = 本人
urgent-who = 要报告谁的情况？请点选，也可直接输入姓名或编号。
urgent-what = 请选择{ $whom }的情况：
urgent-words = { $whom }：{ $kind }。
    有需要说明的，请直接输入（如体温、地点、时间）；没有就点“跳过”。
urgent-ready = 即将报告{ $whom }的情况：{ $kind }。提交后会立即通知负责老师。
urgent-sent = ✅ 已报告，谢谢！
urgent-cancelled = 已取消，没有提交。
urgent-nobody = 目前没有可以由{ you }报告的人。遇到紧急情况，请直接联系学校。

## 绑定

welcome = { $who ->
    [student] { $name }同学，你好！
    [guardian] { $name }，您好！
    [titled] { $name }，您好！
   *[staff] { $name }老师，您好！
}
welcome-bound = 账号已绑定。
welcome-bound-units = 账号已绑定：{ $units }。
welcome-how = 有通知时我会告诉{ you }。看到后请点“✅ 收到”，或直接回复“收到”。
welcome-help = 发送 /today 查看待办，发送 /help 查看全部功能。
welcome-back = 账号此前已绑定，无需重复操作。
not-bound = 您好！这里是学校通知助手。您的账号尚未绑定，请向辅导员、班主任或所在学院索取绑定链接；本单位的群里有绑定按钮的，也可点按钮绑定。
link-used = 这个绑定链接已经用过。如果不是您本人所用，请联系发给您链接的老师重新获取。
link-expired = 这个绑定链接已失效，请联系发给您链接的老师重新获取。
link-unknown = 这个绑定链接不正确，请检查是否复制完整，或联系老师重新获取。
slow-down = 尝试次数过多，请 { $minutes } 分钟后再试。
account-taken = 这个账号已绑定为{ $name }，不能再绑定给另一个人。如有错误，请联系老师处理。
person-taken = 该身份已绑定到另一个账号。如已更换账号，请联系老师重新获取链接。
link-burnt = 绑定链接不能发到群里，为安全起见，该链接已作废，请私下联系老师重新获取。
choose-language = 请选择语言。
language-name = { $tag ->
    [en] English
   *[zh-CN] 中文
}
language-set = 好的，以后用中文和{ you }交流。
cancelled = 已取消。
nothing-to-cancel = 目前没有需要取消的操作。
invite = { $unit }的各位，请点下面的按钮，在私聊中绑定身份，以便及时收到通知。需要输入学号或工号，并发送本人手机号。
ask-code = 请输入您的学号、工号或登记编号。
code-unknown = 编号不正确，或不能用它绑定。请核对后再输入，或联系老师。
ask-contact = { $name }，请点下面的按钮发送本人手机号，以便核对身份。
not-your-contact = 这不是您本人的手机号，请点下面的按钮发送。
asked-responsible = 手机号与登记的不一致，已请负责老师核实，结果会尽快告诉您。
nobody-to-ask = 手机号与登记的不一致，目前又没有可以核实的老师，请直接联系学校。
admission = 账号“{ $shown }”申请绑定为{ $unit }{ $person }（{ $code }），手机号与登记的不一致。请核实是否本人。
admission-rebinding = 同意后，原来绑定的账号将失效。
admission-admitted = ✅ 已同意：账号“{ $shown }”绑定为{ $person }（{ $by }）。
admission-denied = 已拒绝：账号“{ $shown }”不是{ $person }（{ $by }）。
denied = { $unit }的老师未能核实您的身份，绑定未通过。如有疑问，请直接联系老师。
unbound = { $name }的身份已改绑到另一个账号，此账号不再收到通知。如非本人操作，请立即联系老师。
new-link = { $name }的绑定链接（{ $expires } 前有效，只能用一次，请私下转发给本人）：
registered = ✅ 本群已绑定：{ $unit }（{ $tier }群）。
registered-group = ✅ 本群已登记为{ $unit }的其他群，只接收通知，无需回复。
registered-admin = 请把机器人设为管理员：这样直接在群里说“收到”、点 👍 也能识别，还能核对群成员。
chat-replaced = { $unit }已改绑到另一个群，机器人不再在本群发送通知。
chat-lost = 机器人已被移出“{ $title }”（{ $unit }）。在重新邀请机器人进群之前，该群的通知将改为私聊发送。
other-bot = 您所在单位的通知现由 @{ $bot } 发送。请打开它并按“开始”启用；启用之前，消息仍从这里发送：
other-bot-started = 这里也能使用；通知和打卡提醒由 @{ $bot } 发送。
bot-fails = ⚠️ 机器人 @{ $bot } 暂时无法发送消息：{ $why ->
    [frozen] Telegram 要求它暂停较长时间
   *[other] Telegram 不接受它的令牌，请联系系统管理员
}。其他机器人不受影响；启用过其他机器人的人员，消息改由其他机器人发送。
bot-fails-units = 暂时收不到通知的群：{ $chats } 个（{ $units }）。
bot-fails-people = 暂时无法私聊联系：{ $people } 人。
bot-fails-by-phone = 急事请用电话通知。恢复后会再告诉您。
bot-fails-nobody = 目前没有群和人员因此收不到通知。
bot-back = ✅ 机器人 @{ $bot } 已恢复发送。
members-head = “{ $title }”（{ $unit }）群成员核对
members-known = 名册应到 { $expected } 人，已见到 { $known } 人。
members-missing = 尚未在群里见到
members-strangers = 在群里但不在名册上
members-seen = 最近见到 { $at }
new-strangers = “{ $title }”（{ $unit }）新进了不在名册上的人，请核实：
contacts-head = { $unit } · 联系方式核实 { $verified }/{ $total }
contacts-ask = 请逐一联系核实，核实一个点一个。
contact-none = 未登记电话
contact-verified = 已核实
unreachable-head = { $unit } · 机器人联系不到的人
unreachable-unbound = 未绑定
unreachable-never-started = 已绑定，但未启用
unreachable-blocked = 已停用机器人
unreachable-none = 每个人都能联系到。

## 帮助与命令

help-head = 我负责把学校的通知逐级送到每个人，并记录谁已收到。
help-ack = 收到通知后，点“✅ 收到”，或直接回复“收到”，也可点 👍，效果相同。
help-guardian = 有几个孩子的，确认一次即可。
help-directive = 下发通知：发送 /directive，先看预览，选好传达到哪一级再发送。
help-commands = 可用命令：
help-group = 在本群可用的命令（限负责老师）：
command = { $name ->
    [today] 我的待办
    [urgent] 随时报告紧急情况
    [checkin] 每日填报（打卡）
    [directive] 下发通知
    [track] 查看通知的传达和回复情况
    [pending] 谁还没有回复
    [status] 打卡和通知回复情况
    [confirm] 核对并确认打卡数据
    [signoff] 审阅、签发当日数据
    [digest] 现在的简报
    [export] 导出当日工作簿（可加日期）
    [remind] 提醒还没有回复的人
    [invite] 邀请绑定身份
    [members] 核对群成员
    [contacts] 核实通讯录（/contacts export 可导出）
    [privacy] 保存哪些数据、谁能看到
    [mydata] 查看与我有关的全部数据
    [lang] 语言 / Language
    [cancel] 取消当前操作
   *[help] 使用帮助
}

## 不能办的事

refused-no-right = 抱歉，{ you }目前的身份不能使用这一功能。
refused-only-in-private = 这一命令请在私聊中使用。
refused-only-in-own-group = 这一命令请在本单位已绑定的群里使用。
refused-no-face = 看不出是谁在操作：请关闭匿名身份，以个人身份再试。
refused-chat-not-bound = 本群尚未绑定单位，请单位负责人先用 /register 加绑定码绑定。
refused-wrong-code = 绑定码不正确，或已使用、已过期。
refused-not-your-unit = 这个绑定码所属的单位不在本人负责范围内。
refused-slow-down = 尝试次数过多，请 { $minutes } 分钟后再试。
refused-chat-taken = 本群已绑定{ $unit }，不能再绑定其他单位。
refused-no-such-directive = 没有找到这件通知，或不在{ you }可查看的范围内。
refused-no-such-person = 没有找到此人，或不在{ you }负责的范围内。
refused-reminded-lately = 刚刚提醒过，请 { $minutes } 分钟后再提醒。
refused-nobody-missing = 已全部回复，无需提醒。
refused-not-understood = 没有看懂，请按提示重新输入。
refused-too-long = 内容过长，最多 { $most } 字，请精简后重新发送。
refused-wrong-kind = 只能发送文字、文件或图片。
refused-bad-due = 截止时间须在此刻之后、30 天以内。
refused-too-late = 情况已有变化，现在不能这样操作了。
refused-busy = 还有一项操作没有完成，请先完成，或发送 /cancel 取消。
refused-verb = 抱歉，{ you }目前的身份不能{ $verb ->
    [ack] 确认这件通知
    [relay] 传达这件通知
    [note] 为这件通知补充说明
    [done] 反馈这件通知的落实情况
    [accept] 审核落实情况
    [return] 审核落实情况
    [phone] 登记电话联系情况
    [unreach] 登记电话联系情况
    [take] 处理这份名单
    [excuse] 登记免报
    [edit] 更正这件通知
    [withdraw] 撤回这件通知
    [remind] 提醒他人
    [admit] 核实他人身份
    [deny] 核实他人身份
    [take] 处理这件事
    [told] 登记上报情况
    [clear] 办理了结
    [verify] 核实联系方式
    [confirm] 确认这些数据
    [sign] 签发当日数据
    [reject] 退回当日数据
    [filed] 登记报送
    [open] 查看这些内容
    [page] 查看这些内容
    [same] 为此人填报
    [fill] 为此人填报
    [ans] 为此人填报
    [next] 为此人填报
    [submit] 为此人填报
    [change] 修改此人的填报
   *[other] 进行这项操作
}。

## 按下按钮后的回应

toast-acked = ✅ 已收到，谢谢！
toast-acked-late = 已收到（已过截止时间），谢谢！
toast-acked-for = ✅ 已代{ $children }确认，谢谢！
toast-acked-for-late = 已代{ $children }确认（已过截止时间），谢谢！
toast-already-acked = { you }已于 { $at } 确认过，无需重复。
toast-household-acked = { $by }已代孩子确认，无需重复。
toast-not-yours = 这件通知不需要{ you }在这里确认，谢谢！
toast-not-bound = 您的账号尚未绑定，请先与机器人私聊绑定。
toast-reported = ✅ 已填报，谢谢！
toast-reported-late = 已填报（已过截止时间，记为迟报），谢谢！
toast-supplemented = 已作为第 { $number } 号补充记录保存，谢谢！
toast-reported-before = { $at } 已填报过，无需重复。
toast-reported-by = { $by }已于 { $at } 填报，无需重复。
toast-form-over = 这一天的填报已经结束，请发送 /checkin 打开最新的一份。
toast-form-moved = 这一步已经过了，请看消息里当前的内容。
toast-choose-some = 请至少选一项。
toast-give-reason = 这一天已签发，请先输入修改原因。
toast-form-below = 表已打开，请看下面。
toast-outdated = 这条消息已过时，请看最新的一条。
toast-somebody-elses = 这条消息是给别人操作的，{ you }无需处理。
toast-withdrawn = 这件通知已撤回，无需再操作。
toast-choose-depth = 请先选择传达到哪一级。
toast-empty = 还没有内容，请先写上正文或添加附件。
toast-no-units = 还没有主送单位，请至少选一个。
toast-type-it = 请在私聊中输入。
toast-start-first = 机器人还不能给{ you }发私聊，请先打开与机器人的对话，点“开始”。
toast-already-done = { $by }已处理过了。
toast-noted = 已登记。
toast-relaying = 正在传达到下一级。
toast-reminded-lately = 刚刚提醒过，请 { $minutes } 分钟后再提醒。
toast-failed = 抱歉，刚才没有成功，请再试一次。

## 数据确认与审签

tally-date = { month }{ $day }日
tally-no-day = 目前没有打卡数据：每日打卡尚未开始。
tally-counts = 应报 { $expected } 人，实报 { $reported } 人，未报 { $missing } 人
tally-missing = 未报 { $count }
tally-excused = 免报 { $count }
tally-unreachable = 联系不上 { $count }
tally-late = 迟报 { $count }
tally-changed = 变化 { $count }
tally-watch = 重点关注 { $count }
tally-urgent = 紧急 { $count }
tally-nothing = 无变化，无异常（零报告）
tally-nothing-yet = 已报的无变化，无异常
tally-confirmed = 已确认
tally-confirmed-at = { $at } 已确认
tally-missing-names = 尚未打卡
status-day = { $date }打卡
confirm-head = 【数据确认】{ $date }每日打卡
confirm-head-again = 【提醒】{ $date }的数据尚未确认，请尽快核对确认。
confirm-head-changed = 【请重新确认】{ $date }的数据在确认后有变化。
confirm-head-returned = 【退回】{ $date }的数据被退回，请核实后重新确认。
confirm-ask = 请核对后点“确认”。没有变化、没有异常也请确认（零报告）。
confirm-insist = 尚有 { $missing } 人未报，打卡还没有截止。如仍要现在确认，请再点一次。
confirm-done = ✅ 数据均已确认，无需重复操作。
confirm-signed = 当日数据已审签，不再更改。迟报和更正将作为补充记录。
confirm-watch = 重点关注
watched-far = { $name }（位置距上次约 { $km } 公里）
confirm-waiting = 尚未确认的班级：{ $units }。也可先行确认，以上数字已包含这些班级。
confirm-by = ✅ { $at } 已确认（{ $by }）
confirm-changed = { $at } 确认后数据有变化，请重新确认
confirm-returned = 由{ $by }退回：{ $why }
unconfirmed-head = 【催报】截至 { $due }，以下单位尚未确认{ $date }的数据：
unconfirmed-nobody = 没有登记负责人
unconfirmed-ask = 请督促尽快核对确认；没有异常也须确认（零报告）。
sign-head = 【审签】{ $date }每日打卡
sign-confirmed = 学院确认 { $confirmed }/{ $units }
sign-urgent = ❗ 紧急情况 { $count } 人
standing-open = 未确认
standing-changed = 确认后有变化
standing-returned = 已退回，待重新确认
sign-review = { $may ->
    [yes] 当日有紧急情况，请校领导先行审阅；审阅通过后方可签发。
   *[no] 当日有紧急情况，等待校领导审阅。
}
sign-reviewed = ✅ { $at } 校领导审阅通过（{ $by }）
sign-ask = { $may ->
    [yes] 请核对后签发。签发后数据锁定，迟报和更正只作为补充记录。
   *[no] 等待签发。
}
sign-late = 已过审签时间 { $due }，应由{ $signers }签发。
sign-late-nobody = 已过审签时间 { $due }，名册上没有登记签发人，请尽快指定。
sign-signed = ✅ { $at } 已签发（{ $by }），数据已锁定。
sign-why = 事由：{ $why }
sign-filed = 已归档：{ $at } 报送{ $to }（{ $by }）
sign-file-due = 请于 { $due } 前报送并登记。
sign-file-late = 报送时间 { $due } 已过，尚未登记报送，请尽快报送。
sign-supplements = 签发后的补充：
supplement-number = 补充第 { $number } 号
supplemented = { $date }的数据签发后有补充（已签发的数字不变）：
return-head = 退回{ $date }的数据：请选择单位。
ask-send-back = 请说明退回{ $unit }的原因，以便核实。发送 /cancel 取消。
sent-back = 已退回{ $unit }，并已通知{ $told }重新确认。确认后会告诉{ you }。
sent-back-nobody = 已退回{ $unit }，但机器人联系不到该单位的负责人，请电话通知。
ask-sign-reason = 数据尚不完整：未报 { $missing } 人，未确认的学院 { $unconfirmed } 个。如仍要签发，请输入事由；发送 /cancel 取消。
ask-filed = 请输入报送到哪个部门，例如“市教育局”。发送 /cancel 取消。
reconfirmed = { $unit }已重新核实并确认{ $date }的数据（{ $by }）：
button-confirm = ✅ 确认
button-open-confirm = 核对并确认
button-open-sign = 查看并审签
button-confirm-insist = 仍要确认
button-review = ✅ 审阅通过
button-sign = ✅ 签发
button-reject = 退回
button-below = 班级 ›
button-earlier = { $date }尚未审签
button-filed = 登记报送
button-filed-last = 已报送{ $to }
toast-confirmed = { $units ->
    [1] ✅ 已确认，谢谢！
   *[other] ✅ 已确认 { $units } 个单位，谢谢！
}
toast-already-confirmed = { $by }已于 { $at } 确认，无需重复。
toast-still-missing = 尚有 { $missing } 人未报，打卡还没有截止。如仍要确认，请再点一次“仍要确认”。
toast-figures-changed = 数据刚有变化，已为{ you }更新，请核对后再点一次。
toast-signed = 当日数据已由{ $by }于 { $at } 签发，不再更改。
toast-needs-review = 当日有紧急情况，须先由校领导审阅。
toast-reviewed = ✅ 已审阅通过。
toast-signed-now = ✅ 已签发，数据已锁定。
toast-filed = ✅ 已登记报送。

# 通知回执工作簿（documents::receipts）
sheet-receipts = 回执
sheet-legs = 传达
sheet-tier = 层级
sheet-unit = 单位
sheet-code = 编号
sheet-name = 姓名/名称
sheet-arrived = 送达时间
sheet-due = 截止时间
sheet-acked = 回复时间
sheet-by = 回复人
sheet-way = 方式
sheet-late = 逾期
sheet-reminders = 提醒次数
sheet-escalated-at = 上报时间
sheet-escalated-to = 上报给
sheet-noted-by = 记录人
sheet-place = 送达方式
sheet-relay = 传达方式
sheet-relayed-by = 传达人
sheet-must = 应回复
sheet-reported = 已回复
sheet-done = 落实情况
sheet-yes = 是
way-none = 尚未回复
way-button = 按钮
way-reply = 回复消息
way-reaction = 点赞
way-word = 口令“收到”
way-phone = 电话
place-group = 群
place-private = 私聊
relay-none = 尚未传达
relay-issued = 发布
relay-copy = 抄送
relay-ack = 收到后传达
relay-button = 按钮传达
relay-auto = 同时下达
relay-anyway = 逾期自动传达
relay-with_class = 随班级传达
relay-with_last_class = 随最后一个班级传达
done-reported = 已上报，待审核
done-accepted = 已落实
done-returned = 退回补充

# 演示（demo）
demo-hint = 您可以扮演任何人；点一步即切换到那个人。
demo-step-1 = “李校长”：私聊发 /directive 和通知内容
demo-write = /directive 请各班今日完成宿舍安全检查。
demo-step-2 = 预览下方：到学生和家长，发送，再确认
demo-step-3 = “张书记”：学校群点“收到”，私聊点“立即传达”
demo-step-4 = 看计算机学院群：通知已到
demo-step-5 = 早上，“张一”：班级群点“去填报”，私聊点“无变化”
demo-step-6 = “赵老师”：班级群发 /status
demo-step-7 = “赵老师”：私聊发 /confirm，核对后确认
demo-step-8 = “周主任”：私聊发 /signoff，审阅后签发
demo-opening = 请各学院核对学生联系方式，有变动的当天更新。
demo-directive = 请全体学生和家长知悉：即日起未经批准不得提前返校。请各学院、各班级逐级传达到每一位同学和家长，并于规定时间前回复。
demo-report = 已逐班传达，并电话联系未回复的同学和家长。
demo-sign-reason = 未报同学已由辅导员逐一电话联系，正在跟进。
demo-authority = 市教育局
demo-clear-reason = 已就医，普通感冒，居家休息。
demo-excuse = 病假，急性肠胃炎
demo-city = 样本省示例市云溪区
demo-tier = { $tier }：送达 { $units } 处，应回复 { $must }，已回复 { $acked }（逾期 { $late }，电话 { $phone }），提醒 { $reminders } 次，上报 { $escalated }
tier-0 = 学校
tier-1 = 学院
tier-2 = 班级
tier-3 = 家长
role-leader = 校领导
role-office = 防控办
role-secretary = 学院党总支副书记
role-counselor = 辅导员
role-student = 学生
role-guardian = 家长
role-tutor = 研究生导师
role-proxy = 代报人
role-staff = 教职工
role-auditor = 审计

# 每日工作簿（documents::day）
booksheet-summary = 汇总
booksheet-missing = 未报
booksheet-answers = 填报明细
booksheet-directives = 通知
booksheet-signoff = 审签
book-date = 日期
book-unit-code = 单位编号
book-expected = 应报
book-reported = 实报
book-missing = 未报
book-excused = 免报
book-unreachable = 联系不上
book-late = 迟报
book-changed = 变化
book-watch = 重点关注
book-urgent = 紧急
book-confirmed-by = 确认人
book-confirmed-at = 确认时间
book-person-code = 学号/工号
book-name = 姓名
book-state = 状态
book-phone = 电话
book-reported-at = 填报时间
book-by = 填报人
book-number = 编号
book-title = 标题
book-issued-at = 发布时间
book-relayed-at = 传达时间
book-done-at = 落实时间
book-act = 事项
book-act-by = 经办人
book-act-at = 时间
book-act-to = 报送/退回单位
book-act-reason = 事由
book-act-reviewed = 领导审核
book-act-rejected = 退回
book-act-signed = 审签
book-act-supplement = 补充更正第{ $number }号
book-act-filed = 报送归档
bookstate-reported = 已报
bookstate-missing = 未报
bookstate-excused = 免报
bookstate-unreachable = 联系不上
book-no = 否
book-photo = 照片

# 通讯录（documents::directory）
directory-file-name = { $unit }通讯录.xlsx
directory-verified = 已核实
directory-reachable = 机器人可联系

# 简报图（documents::chart）
chart-title = { $school }每日打卡
chart-at = { $day }　截至 { $time }
chart-day = { $month }{ $day }日 周{ $weekday }
chart-units = 今日各{ $tier }完成率
chart-deadline = 截止 { $time }
chart-rest = 其余 { $count } 个
chart-days = 近 { $days } 天完成率（%）
chart-none = 暂无数据
monthname-1 = 1月
monthname-2 = 2月
monthname-3 = 3月
monthname-4 = 4月
monthname-5 = 5月
monthname-6 = 6月
monthname-7 = 7月
monthname-8 = 8月
monthname-9 = 9月
monthname-10 = 10月
monthname-11 = 11月
monthname-12 = 12月
weekday-1 = 一
weekday-2 = 二
weekday-3 = 三
weekday-4 = 四
weekday-5 = 五
weekday-6 = 六
weekday-7 = 日

## 个人数据

privacy-head = 关于{ you }在“{ $school }”的数据
privacy-what = · 保存什么：学校名册上的姓名、编号、单位和电话，绑定的 Telegram 账号，收到通知和打卡的时间，打卡的回答。
privacy-why = · 用来做什么：传达通知、每日打卡、汇总上报、有紧急情况时联系。别的用途没有。
privacy-who = · 谁能看到：本人；打卡的回答只有本班辅导员（班主任）能看。出现紧急情况时，学院、防控办和负责联系的老师会立即知道。再往上只看人数。群里从不出现回答、位置和电话。
privacy-long = · 保存多久：回答 { $answers } 天，位置 { $locations } 天，到期自动删除，只留人数。
privacy-sealed = · 电话、回答和位置加密保存；谁看过、改过，都有记录。
privacy-own = 发送 /mydata 可查看保存的全部内容。内容有误请告诉辅导员（班主任）；离校后可要求删除。
own-head = { $name }，以下是系统保存的与{ you }有关的内容：
own-receipts = · 通知回执 { $count } 条
own-days = · 打卡记录 { $count } 天
own-reminders = · 提醒 { $count } 次
own-alerts = · 紧急情况 { $count } 次
own-seen = · 他人查看或更改 { $count } 次
own-file = 全部内容见下面的文件，只发给{ you }本人。
own-file-name = 我的数据
own-fact = { $label }：{ $value }
own-person = 基本信息
own-name = 姓名
own-code = 编号
own-role = 身份
own-phone = 电话
own-answers-for = 代表学生
own-contacts = 联系人
own-account = Telegram 账号
own-verified = 电话核实
own-receipts-head = 通知回执
own-days-head = 打卡记录
own-alerts-head = 紧急情况（开始、结束）
own-answers-gone = （回答已按期删除）
own-seen-head = 谁查看或更改过
own-program = 系统

# 简报与导出（text::paper）
digest-head = 【每日简报】{ $unit } { $date }，截至 { $at }
digest-figures = 应报 { $expected }，实报 { $reported }，未报 { $missing }（完成 { $share }）
digest-late = 迟报 { $count }
digest-excused = 免报 { $count }
digest-unreachable = 联系不上 { $count }
digest-lagging = 未报较多：{ $units }{ $more ->
    [yes] （共 { $total } 个{ $tier }有未报）
   *[no] {""}
}
digest-lagging-unit = { $unit } { $missing } 人
digest-before = { $how ->
    [fewer] 比上一次打卡少 { $count } 人未报
    [more] 比上一次打卡多 { $count } 人未报
   *[same] 未报人数与上一次打卡相同
}
digest-changed = { $count } 人填报有变化
digest-calm = 没有紧急情况，也没有需要重点关注的填报。
digest-urgent = 紧急情况 { $count } 人{ $open ->
    [0] ，均已核实办结
   *[other] ，其中 { $open } 人待办结
}
digest-mistaken = 核实为填报有误 { $count } 人
digest-watch = 重点关注 { $count } 人
digest-confirmed = { $tier }数据确认 { $confirmed }/{ $of }
digest-waiting = 未确认：{ $units }
digest-signed = 已由{ $by }于 { $at } 审签
digest-unsigned = 今日数据尚未审签。
digest-filed = 已报送{ $to }
digest-overdue = 逾期通知 { $count } 件：
digest-overdue-line = • { $directive }：{ $units } 个单位，{ $missing } 个未回复
digest-medians = 今日通知回复用时（中位数）：{ $tiers }
digest-median = { $minutes ->
    [0] { $who }不到 1 分钟
   *[other] { $who } { $minutes } 分钟
}
digest-silent = ⚠️ 今日该发的消息一条也没有发出，请系统管理员立即检查。
digest-unexplained = ⚠️ 有 { $count } 次提醒既未发出也没有说明，请系统管理员查看。
export-ask = { $unit } { $date }的工作簿含 { $people } 人的姓名和填报内容，仅供工作使用，请妥善保管，勿转发到群里。确认导出吗？
exporting = { $unit } { $date }的工作簿正在生成，稍后发到这里。
no-day-on = { $date }没有打卡。
no-day-yet = 还没有打卡数据。
export-bad-date = 没有看懂日期，请这样发送：/export 2026-11-23
button-export-answers = 确认导出（含填报内容）
button-export-figures = 只导出统计，不含填报内容
