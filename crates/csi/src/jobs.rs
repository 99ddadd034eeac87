//! What a provisioner is doing: by object, and found by what is due next and by the requests under way.

use api::Key;
use apimachinery::Time;
use apimachinery::sorted::SharedMap;

/// What there is to do about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Make a volume for a claim.
    Provision,
    /// Delete a released volume.
    Delete,
    /// Let the volume of a claim grow.
    Resize,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Announced; the storage is being worked on until the job is due.
    Working,
    /// The request with this tag is on its way.
    Asked(u64),
    /// The volume exists; the claim has yet to be bound to it.
    Made,
}

/// A task under way.
#[derive(Debug, Clone)]
pub struct Job {
    /// What there is to do.
    pub task: Task,
    /// How far it is.
    pub stage: Stage,
    /// When the work on the storage is done.
    pub due: Time,
    /// Failures in a row.
    pub failures: u32,
}

/// All jobs.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    all: SharedMap<Key, Job>,
    /// Those that are [`Stage::Working`].
    working: SharedMap<(Time, Key), ()>,
    /// Those that are [`Stage::Asked`], by their tags.
    asked: SharedMap<u64, Key>,
}

impl Jobs {
    /// The job about an object.
    pub fn get(&self, key: &Key) -> Option<&Job> {
        self.all.get(key)
    }

    /// A job begins, in place of what was done about the object so far.
    pub fn insert(&mut self, key: Key, job: Job) {
        self.remove(&key);
        self.index(&key, &job);
        self.all.insert(key, job);
    }

    /// Something happens to a job, if there is one about the object.
    pub fn change(&mut self, key: &Key, act: impl FnOnce(&mut Job)) {
        if let Some(mut job) = self.remove(key) {
            act(&mut job);
            self.insert(key.clone(), job);
        }
    }

    /// A job is over, or there is no reason for it any more.
    pub fn remove(&mut self, key: &Key) -> Option<Job> {
        let job = self.all.remove(key)?;
        match job.stage {
            Stage::Working => {
                self.working.remove(&(job.due, key.clone()));
            }
            Stage::Asked(tag) => {
                self.asked.remove(&tag);
            }
            Stage::Made => {}
        }
        Some(job)
    }

    fn index(&mut self, key: &Key, job: &Job) {
        match job.stage {
            Stage::Working => {
                self.working.insert((job.due, key.clone()), ());
            }
            Stage::Asked(tag) => {
                self.asked.insert(tag, key.clone());
            }
            Stage::Made => {}
        }
    }

    /// When the first work on a storage is done.
    pub fn next_due(&self) -> Option<Time> {
        self.working.first_key_value().map(|((due, _), ())| *due)
    }

    /// The objects whose storage is worked on no longer than until `now`, in their order.
    pub fn due(&self, now: Time) -> Vec<Key> {
        let due = self.working.iter().take_while(|((due, _), ())| *due <= now);
        let mut keys: Vec<Key> = due.map(|((_, key), ())| key.clone()).collect();
        keys.sort();
        keys
    }

    /// The object that a request is about.
    pub fn asked(&self, tag: u64) -> Option<&Key> {
        self.asked.get(&tag)
    }
}
