//! States and kinds that are stored under a name.

/// Gives a type its names from a list that has each value once: `as_str` to store it, `FromStr` to read it again.
macro_rules! named {
    ($type:ty, $names:ident) => {
        impl $type {
            /// The name it is stored under.
            pub fn as_str(self) -> &'static str {
                $names
                    .iter()
                    .find(|(known, _)| *known == self)
                    .map_or("", |(_, name)| name)
            }
        }

        impl std::str::FromStr for $type {
            type Err = ();

            fn from_str(name: &str) -> Result<Self, ()> {
                $names
                    .iter()
                    .find(|(_, known)| *known == name)
                    .map(|(known, _)| *known)
                    .ok_or(())
            }
        }
    };
}
pub(crate) use named;
