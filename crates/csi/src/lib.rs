//! Provisioners and disks.
