//! What is said of something missing, in both languages.

use apimachinery::Lang;

use crate::missing::{Fix, Lack, Missing, Standing};

impl Missing {
    /// What it is, before its name: `ConfigMap`. Empty where the name stands first.
    pub const fn kind(&self) -> &'static str {
        match self.lack {
            Lack::ServiceAccount => "ServiceAccount",
            Lack::PriorityClass => "PriorityClass",
            Lack::Claim => "PersistentVolumeClaim",
            Lack::Class => "StorageClass",
            Lack::DefaultClass | Lack::Image => "",
            Lack::ConfigMap => "ConfigMap",
            Lack::Secret => "Secret",
            Lack::Service => "Service",
        }
    }

    /// What is the matter with it, after its name.
    pub const fn state(&self, lang: Lang) -> &'static str {
        let [en, zh] = match self.lack {
            Lack::DefaultClass => ["No default StorageClass.", "没有默认的 StorageClass。"],
            Lack::Image => ["is not known here.", "在这里没有收录。"],
            Lack::ServiceAccount
            | Lack::PriorityClass
            | Lack::Claim
            | Lack::Class
            | Lack::ConfigMap
            | Lack::Secret
            | Lack::Service => ["does not exist.", "不存在。"],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }

    /// What follows from it.
    pub fn consequence(&self, lang: Lang) -> String {
        let user = &self.user;
        let [en, zh] = match (self.lack, self.standing) {
            (_, Standing::Assumed) => {
                ["Taken as a server that is up in 3 s.".to_owned(), "当作一个服务，3 秒启动。".to_owned()]
            }
            (Lack::Class, _) => [
                format!("{user} asks for it, so nobody makes its volume."),
                format!("{user} 要用它，所以没有谁来建卷。"),
            ],
            (Lack::DefaultClass, _) => [
                format!("{user} names no class either, so nobody makes its volume."),
                format!("{user} 也没有写类，所以没有谁来建卷。"),
            ],
            (Lack::Service, _) => {
                [format!("The Pods of {user} have no DNS names."), format!("{user} 的 Pod 没有 DNS 名字。")]
            }
            (Lack::ServiceAccount | Lack::PriorityClass, Standing::Blocks) => {
                [format!("{user} cannot be created without it."), format!("没有它，{user} 创建不了。")]
            }
            (Lack::Claim, Standing::Blocks) => {
                [format!("{user} is not scheduled without it."), format!("没有它，{user} 不会被调度。")]
            }
            (Lack::Image, Standing::Blocks) => {
                [format!("{user} cannot pull it."), format!("{user} 拉取不到它。")]
            }
            (Lack::ConfigMap | Lack::Secret, Standing::Blocks) => {
                [format!("{user} stops there."), format!("{user} 停在这一步。")]
            }
            (
                Lack::ServiceAccount
                | Lack::PriorityClass
                | Lack::Claim
                | Lack::Image
                | Lack::ConfigMap
                | Lack::Secret,
                Standing::WillBlock,
            ) => [format!("{user} will stop there next."), format!("{user} 接下来会停在这里。")],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }
}

impl Fix {
    /// The words of its button, for something missing.
    pub fn label(&self, of: &Missing, lang: Lang) -> String {
        let [en, zh] = match (self, of.lack) {
            (Self::Make(..), Lack::DefaultClass) => {
                ["Create standard as default".to_owned(), "创建 standard 并设为默认".to_owned()]
            }
            (Self::Make(_, text), Lack::ConfigMap | Lack::Secret)
                if !text.contains("\ndata:") && !text.contains("\nstringData:") =>
            {
                ["Create it empty".to_owned(), "创建一个空的".to_owned()]
            }
            (Self::Make(..), _) => {
                let kind = of.kind();
                [format!("Create this {kind}"), format!("创建这个 {kind}")]
            }
            (Self::MarkOptional, _) => ["Mark it optional".to_owned(), "标为可选".to_owned()],
            (Self::UseImage(image), _) => [format!("Write {image}"), format!("改成 {image}")],
            (Self::TakeAsServer(..), _) => ["Take it as a server".to_owned(), "当作一个服务".to_owned()],
            (Self::Look(_), _) => ["Change".to_owned(), "更改".to_owned()],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }
}
