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
    /// What was found in the history, while [`Self::line`] is what is looked for.
    pub found: Option<String>,
}

impl Prompt {
    /// A line that was typed by somebody else.
    pub fn of(line: String) -> Self {
        Self { line, ..Self::default() }
    }

    /// The person types.
    pub fn set(&mut self, line: String, history: &[String]) {
        let searches = self.found.is_some();
        *self = Self { line, ..Self::default() };
        if searches {
            self.search(history);
        }
    }

    /// Looks for the line in the history, from where it stands backwards; stays if nothing is found.
    pub fn search(&mut self, history: &[String]) {
        let older = history.iter().rev().enumerate().skip(self.back);
        let found = older.into_iter().find(|(_, command)| command.contains(&self.line));
        if let Some((at, command)) = found {
            (self.back, self.found) = (at + 1, Some(command.clone()));
        } else {
            self.found.get_or_insert_default();
        }
        self.offers.clear();
    }

    /// What was found becomes the line.
    pub fn take_found(&mut self) {
        if let Some(found) = self.found.take() {
            *self = Self { line: found, ..Self::default() };
        }
    }

    /// One command back in the history, or forward.
    pub fn recall(&mut self, older: bool, history: &[String]) {
        let back = if older { (self.back + 1).min(history.len()) } else { self.back.saturating_sub(1) };
        let line =
            history.len().checked_sub(back).and_then(|at| history.get(at)).cloned().unwrap_or_default();
        *self = Self { line, back, ..Self::default() };
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
    fn ctrl_r_finds_older_and_older_commands() {
        let history = words(&["kubectl get pods", "nslookup nginx", "kubectl get sts"]);
        let mut prompt = Prompt::default();
        prompt.search(&history);
        prompt.set("get".to_owned(), &history);
        assert_eq!(prompt.found.as_deref(), Some("kubectl get sts"));
        prompt.search(&history);
        assert_eq!(prompt.found.as_deref(), Some("kubectl get pods"));
        prompt.search(&history);
        assert_eq!(prompt.found.as_deref(), Some("kubectl get pods"));
        prompt.take_found();
        assert_eq!((prompt.line.as_str(), prompt.found.as_deref()), ("kubectl get pods", None));
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
