//! Composing a directive as people do: write it, tap the choices, send.

use botapi_sandbox::ShownMessage;

use super::person::{Person, newest};

/// A directive that is being composed.
pub struct Issue {
    by: Person,
    text: String,
    taps: Vec<&'static str>,
    reference: Option<String>,
    due: Option<String>,
    copies: Vec<String>,
    left_out: Vec<String>,
}

/// What the sender saw before and after sending.
pub struct Sent {
    pub by: Person,
    /// The last preview.
    pub preview: String,
    /// The second confirmation, when one was asked for.
    pub confirmation: Option<String>,
    /// What the sender was told afterwards.
    pub report: ShownMessage,
}

impl Sent {
    /// `2026年第1号`.
    pub fn number(&self) -> String {
        let text = &self.report.text;
        let start = text.find("20").expect("a year");
        let end = text[start..].find('号').expect("a number") + start + '号'.len_utf8();
        text[start..end].to_owned()
    }
}

// `to_students` sends it there and is no conversion.
#[allow(clippy::wrong_self_convention)]
impl Issue {
    pub(super) fn new(by: Person, text: &str) -> Self {
        let (copies, left_out) = (vec![], vec![]);
        Self { by, text: text.to_owned(), taps: vec![], reference: None, due: None, copies, left_out }
    }

    pub fn urgent(mut self) -> Self {
        self.taps.push("urgent");
        self
    }

    /// 知悉即可.
    pub fn for_information(mut self) -> Self {
        self.taps.push("info");
        self
    }

    /// 文号.
    pub fn reference(mut self, reference: &str) -> Self {
        self.reference = Some(reference.to_owned());
        self
    }

    /// A due of one's own, as typed.
    pub fn due(mut self, due: &str) -> Self {
        self.due = Some(due.to_owned());
        self
    }

    /// This unit gets it for information only.
    pub fn copy_to(mut self, name: &str) -> Self {
        self.copies.push(name.to_owned());
        self
    }

    /// This unit does not get it.
    pub fn without(mut self, name: &str) -> Self {
        self.left_out.push(name.to_owned());
        self
    }

    /// To the tier right below only.
    pub async fn to_secretaries(self) -> Sent {
        self.sent_as("仅").await
    }

    pub async fn to_counselors(self) -> Sent {
        self.sent_as("到辅导员").await
    }

    pub async fn to_students(self) -> Sent {
        self.sent_as("到学生").await
    }

    pub async fn to_guardians(self) -> Sent {
        self.sent_as("到学生和家长").await
    }

    /// The preview, with everything chosen but the depth.
    pub async fn previewed(&self) -> ShownMessage {
        let by = &self.by;
        by.writes(&format!("/directive {}", self.text)).await;
        for tap in &self.taps {
            by.presses(tap).await;
        }
        if let Some(reference) = &self.reference {
            by.presses("ref").await;
            by.hears("请在私聊中输入");
            by.is_told("请输入文号");
            by.writes(reference).await;
        }
        if let Some(due) = &self.due {
            by.presses("due").await;
            by.writes(due).await;
        }
        if !(self.copies.is_empty() && self.left_out.is_empty()) {
            self.choose_units().await;
        }
        self.preview()
    }

    fn preview(&self) -> ShownMessage {
        self.by.is_told("【预览")
    }

    async fn choose_units(&self) {
        let by = &self.by;
        by.presses("units").await;
        for name in self.copies.iter().chain(&self.left_out) {
            by.presses(name).await;
        }
        for name in &self.left_out {
            by.presses(name).await;
        }
        by.presses("back").await;
    }

    async fn sent_as(self, depth: &str) -> Sent {
        let by = self.by.clone();
        let preview = self.previewed().await;
        let labels: Vec<&str> =
            preview.buttons.iter().flatten().map(|button| button.label.as_str()).collect();
        let nth = labels.iter().filter(|label| label.contains('仅') || label.starts_with('到'));
        let nth =
            nth.clone().position(|label| if depth == "仅" { label.contains(depth) } else { *label == depth });
        let nth = nth.unwrap_or_else(|| panic!("no depth {depth} among {labels:?}"));
        by.presses_nth("to", nth).await;
        let preview = by.is_told("【预览").text;
        by.presses("send").await;
        let asked = newest(&by.world, by.id(), |message| message.text.contains("请再次确认"));
        let mut confirmation = None;
        if let Some(asked) = asked {
            by.presses("send").await;
            confirmation = Some(asked.text);
        }
        by.is_told("已发送，编号");
        let report = by.is_told("已发出");
        Sent { by, preview, confirmation, report }
    }
}
