//! Pieces that pages share.

mod banners;
mod brand;
mod choose;
mod done;
mod fault;
mod fields;
mod find;
mod folders;
mod icon;
mod list;
mod note;
mod page;
mod payment;
mod pick;
mod prose;
mod save;
mod staff_page;
mod title;

pub(crate) use banners::Banners;
pub(crate) use brand::{Brand, Sign, Still};
pub(crate) use choose::Choose;
pub(crate) use done::Done;
pub(crate) use fault::{FaultView, Remedy};
pub(crate) use fields::{check, choice, day_field, fold, labelled_select, select};
pub(crate) use find::{FindField, Marked};
pub(crate) use folders::{FolderOptions, Folders, place_name, place_title};
pub(crate) use icon::{Icon, icon, small_icon};
pub(crate) use list::{LetterList, Listing, category_tag, list_title, source_title};
pub(crate) use note::{Note, Tone};
pub(crate) use page::{Home, OpenPage, Place, SharedPage, loaded};
pub(crate) use payment::{PaymentBox, PaymentSentence};
pub(crate) use pick::{pick_box, picking};
pub(crate) use prose::Prose;
pub(crate) use save::{Ways, save_and_send};
pub(crate) use staff_page::{StaffPage, StaffPlace, StaffStreet, room_of, staff_loaded, staff_title};
pub(crate) use title::page_title;
