//! What is said of a disturbance, above what every page is about.

use super::{Icon, icon};
use crate::request::{language, locale, visit};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The banners of now; nothing when there are none.
#[component]
pub(crate) fn Banners() -> impl IntoView {
    let banners = visit().map(|visit| visit.banners).unwrap_or_default();
    if banners.is_empty() {
        return ().into_any();
    }
    let own = language().tag();
    view! {
        <aside class="banners" aria-label=td_string!(locale(), banner.label)>
            {banners.into_iter().map(|banner| {
                let lang = (banner.language != own).then_some(banner.language);
                view! {
                    <div class="note banner" lang=lang>
                        {icon(Icon::Alert)}
                        <div class="note-text written">
                            <p><strong>{banner.title}</strong></p>
                            <div inner_html=banner.html></div>
                        </div>
                    </div>
                }
            }).collect_view()}
        </aside>
    }
    .into_any()
}
