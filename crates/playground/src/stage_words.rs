//! Sentences of the stage with something in them, whose order differs from language to language.

use crate::words::{Words, count};

impl Words {
    /// `2.1 of 3.6 s`.
    pub fn part(&self, done: &str, whole: &str) -> String {
        let number = done.split(' ').next().unwrap_or(done);
        if self.is_english() { format!("{number} of {whole}") } else { format!("{number} / {whole}") }
    }

    /// `12 of 50 s`, of two spans in microseconds.
    pub fn seconds_of(&self, part: i64, whole: i64) -> String {
        let (part, whole) = (part.max(0) / 1_000_000, whole / 1_000_000);
        if self.is_english() { format!("{part} of {whole} s") } else { format!("{part} / {whole} 秒") }
    }

    /// `5 kept`.
    pub fn number_kept(&self, n: usize) -> String {
        if self.is_english() { format!("{n} kept") } else { format!("保留 {n} 个") }
    }

    /// `5 claims kept`.
    pub fn claims_kept(&self, n: usize) -> String {
        let claims = count(n, self.claim_one, self.claim_many);
        if self.is_english() { format!("{claims} kept") } else { format!("{claims}保留") }
    }

    /// `3 Pods terminating`.
    pub fn terminating(&self, n: usize) -> String {
        let pods = count(n, self.pod_one, self.pod_many);
        if self.is_english() { format!("{pods} terminating") } else { format!("{pods} 正在终止") }
    }

    /// `1 Pod acts`.
    pub fn number_acts(&self, n: usize) -> String {
        match (self.is_english(), n) {
            (true, 0) => "nobody acts".to_owned(),
            (true, 1) => "1 Pod acts".to_owned(),
            (true, n) => format!("{n} Pods act"),
            (false, 0) => "没有动作".to_owned(),
            (false, n) => format!("{n} 个 Pod 在动"),
        }
    }

    /// `since 1:00.0`.
    pub fn since(&self, moment: &str) -> String {
        if self.is_english() { format!("since {moment}") } else { format!("自 {moment} 起") }
    }

    /// `64 B at 0:05`.
    pub fn at(&self, much: &str, when: &str) -> String {
        if self.is_english() { format!("{much} at {when}") } else { format!("{when} {much}") }
    }

    /// `It still holds web-1.`
    pub fn still_holds(&self, pods: &str) -> String {
        if self.is_english() { format!("It still holds {pods}.") } else { format!("它还占着 {pods}。") }
    }
}
