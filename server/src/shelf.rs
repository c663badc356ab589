//! What is too big for the database: objects in a folder, each under a name of ours. It knows nothing of keys: what is put here has
//! been sealed already.
//!
//! An object is whole or not there: it is written beside its place, synced, and then moved to it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::fs;
use tokio::io::AsyncWriteExt as _;

/// Why an object could not be put or fetched. Names the kind of trouble, never what is in the object.
#[derive(Debug, thiserror::Error)]
#[error("the folder of big objects: {0}")]
pub struct ShelfError(#[from] io::Error);

/// A folder of sealed objects. Cheap to clone. Servers that share a database share the folder.
#[derive(Clone, Debug)]
pub struct Shelf(Arc<PathBuf>);

impl Shelf {
    /// In `folder`, which is made when the first object comes.
    pub fn at(folder: &Path) -> Self {
        Self(Arc::new(folder.to_owned()))
    }

    /// Puts an object, in the place of one of the same name.
    pub async fn put(&self, group: &str, name: &str, content: &[u8]) -> Result<(), ShelfError> {
        let folder = self.0.join(group);
        make_private(&folder).await?;
        let (place, beside) = (folder.join(name), folder.join(format!("{name}.new")));
        let mut file = fs::File::create(&beside).await?;
        file.write_all(content).await?;
        file.sync_all().await?;
        fs::rename(&beside, &place).await?;
        Ok(())
    }

    /// The object of that name, if there is one.
    pub async fn get(&self, group: &str, name: &str) -> Result<Option<Vec<u8>>, ShelfError> {
        match fs::read(self.0.join(group).join(name)).await {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes every object of a group away. Nothing there is nothing to do.
    pub async fn clear(&self, group: &str) -> Result<(), ShelfError> {
        match fs::remove_dir_all(self.0.join(group)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Makes a folder that only we may look into.
async fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_is_there_until_it_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(&folder.path().join("not/yet"));
        assert_eq!(shelf.get("a", "1").await.unwrap(), None);
        shelf.put("a", "1", b"one").await.unwrap();
        shelf.put("a", "1", b"two").await.unwrap();
        assert_eq!(shelf.get("a", "1").await.unwrap().unwrap(), b"two");
        shelf.clear("a").await.unwrap();
        shelf.clear("a").await.unwrap();
        assert_eq!(shelf.get("a", "1").await.unwrap(), None);
    }
}
