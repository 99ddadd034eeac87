//! The line being typed at the terminal: what it says, where in the history it stands, what Tab offers.

/// The line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prompt {
    /// As typed.
    pub line: String,
    /// How far back in the history it stands; 0 is the new line.
    back: usize,
    /// What Tab offered last, if there was a choice.
    pub offers: Vec<String>,
}

impl Prompt {
    /// The person types.
    pub fn set(&mut self, line: String) {
        *self = Self { line, ..Self::default() };
    }

    /// One command back in the history, or forward.
    pub fn recall(&mut self, older: bool, history: &[String]) {
        let back = if older { (self.back + 1).min(history.len()) } else { self.back.saturating_sub(1) };
        let line =
            history.len().checked_sub(back).and_then(|at| history.get(at)).cloned().unwrap_or_default();
        *self = Self { line, back, offers: Vec::new() };
    }

    /// Takes what Tab offers: the line grows by what all offers have in common.
    pub fn take_offers(&mut self, offers: Vec<String>) {
        self.line = extended(&self.line, &offers);
        self.offers = if offers.len() > 1 { offers } else { Vec::new() };
    }
}

/// The line with its last word replaced by what all offers begin with; a single offer ends in a blank,
/// unless more of the word must follow.
fn extended(line: &str, offers: &[String]) -> String {
    let Some(first) = offers.first() else { return line.to_owned() };
    let mut common = first.as_str();
    for offer in offers {
        let same = common.char_indices().zip(offer.chars()).take_while(|((_, a), b)| a == b);
        let end = same.last().map_or(0, |((at, c), _)| at + c.len_utf8());
        common = common.get(..end).unwrap_or("");
    }
    let start = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (head, word) = line.split_at(start);
    if common.len() < word.len() {
        return line.to_owned();
    }
    let end = if offers.len() == 1 && !common.ends_with(['/', '=']) { " " } else { "" };
    format!("{head}{common}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn tab_grows_the_last_word_as_far_as_it_is_certain() {
        assert_eq!(extended("kubectl get po", &words(&["pods"])), "kubectl get pods ");
        assert_eq!(extended("kubectl get pod w", &words(&["web-0", "web-1"])), "kubectl get pod web-");
        assert_eq!(extended("kubectl get x", &[]), "kubectl get x");
        assert_eq!(extended("kubectl rollout status s", &words(&["sts/"])), "kubectl rollout status sts/");
    }

    #[test]
    fn history_goes_back_and_forth() {
        let history = words(&["a", "b"]);
        let mut prompt = Prompt::default();
        prompt.recall(true, &history);
        assert_eq!(prompt.line, "b");
        prompt.recall(true, &history);
        prompt.recall(true, &history);
        assert_eq!(prompt.line, "a");
        prompt.recall(false, &history);
        prompt.recall(false, &history);
        assert_eq!(prompt.line, "");
    }
}
