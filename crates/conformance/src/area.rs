//! What a recording is about: the letter that its name begins with.

/// A subject that recordings share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The first letter of the recordings' names.
    pub letter: char,
    /// What it is, in English.
    pub english: &'static str,
    /// The same in Chinese.
    pub chinese: &'static str,
}

/// All areas, in the order in which a person meets them.
pub const AREAS: [Area; 18] = [
    area('A', "Creation, in order and in Parallel", "创建：按顺序，以及 Parallel"),
    area('B', "Identity, adoption, release", "身份、收养与释放"),
    area('C', "Scaling", "扩容与缩容"),
    area('D', "Updates, partitions, rollbacks", "更新、partition 与回滚"),
    area('E', "Revisions and their history", "revision 与历史"),
    area('F', "Failed Pods, forced deletion", "失败的 Pod 与强制删除"),
    area('G', "Claims and volumes", "PVC 与 PV"),
    area('H', "Services and DNS", "Service 与 DNS"),
    area('I', "Deleting a set", "删除 StatefulSet"),
    area('J', "What the API server refuses", "API server 会拒绝什么"),
    area('K', "kubectl: reading and commands", "kubectl：查看与命令"),
    area('L', "kubectl: apply and patches", "kubectl：apply 与 patch"),
    area('W', "kubectl: watching", "kubectl：持续观察"),
    area('T', "Traps, and the ways out", "陷阱，以及怎样脱身"),
    area('R', "Random sequences of steps", "随机步骤"),
    area('Q', "More random sequences of steps", "更多的随机步骤"),
    area('X', "Random sequences of a wider kind", "范围更大的随机步骤"),
    area('N', "Real containers under a real kubelet", "真实 kubelet 下的真实容器"),
];

const fn area(letter: char, english: &'static str, chinese: &'static str) -> Area {
    Area { letter, english, chinese }
}

/// The area of a recording, by its name; `None` if no area has the name's first letter.
pub fn of(id: &str) -> Option<&'static Area> {
    AREAS.iter().find(|area| id.starts_with(area.letter))
}
