//! Pictures of numbers, drawn by the server: no script, no colours of their own. Whoever shows one shows the numbers as a table, too.

use leptos::prelude::*;

/// What stands in a place of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bar {
    /// So high.
    High(u64),
    /// Something that is not told how high: a low, hollow bar.
    Untold,
    /// Nothing.
    Gap,
}

/// The width of a place, and of the bar in it.
const PLACE: u64 = 10;
const BAR: u64 = 8;
/// The height of the highest bar.
const HEIGHT: u64 = 60;
/// The height of one that is not told, and the least of one that is more than nothing.
const LOW: u64 = 5;
const LEAST: u64 = 1;

/// A bar in each place, the highest as high as the chart; or as `most`, if that is more. `label` says what the picture shows.
pub(crate) fn bars(all: &[Bar], most: u64, label: String) -> AnyView {
    let width = PLACE * u64::try_from(all.len()).unwrap_or(1).max(1);
    let most = most.max(highest(all)).max(1);
    let drawn: Vec<_> = (0..)
        .zip(all)
        .filter_map(|(place, bar)| drawn(place, *bar, most))
        .collect();
    view! {
        <svg class="chart" role="img" aria-label=label viewBox=format!("0 0 {width} {}", HEIGHT + 1) preserveAspectRatio="none">
            {drawn}
            <path class="floor" d=format!("M0 {HEIGHT}.5H{width}")></path>
        </svg>
    }
    .into_any()
}

/// How high the highest bar is.
pub(crate) fn highest(all: &[Bar]) -> u64 {
    let heights = all.iter().map(|bar| match bar {
        Bar::High(height) => *height,
        Bar::Untold | Bar::Gap => 0,
    });
    heights.max().unwrap_or(0)
}

fn drawn(place: u64, bar: Bar, most: u64) -> Option<AnyView> {
    let (height, class) = match bar {
        Bar::High(0) | Bar::Gap => return None,
        Bar::High(height) => (scaled(height, most), "bar"),
        Bar::Untold => (LOW, "bar untold"),
    };
    let x = place * PLACE + (PLACE - BAR) / 2;
    Some(view! { <rect class=class x=x y={HEIGHT - height} width=BAR height=height></rect> }.into_any())
}

fn scaled(height: u64, most: u64) -> u64 {
    let scaled = u128::from(height) * u128::from(HEIGHT) / u128::from(most.max(1));
    u64::try_from(scaled).unwrap_or(HEIGHT).clamp(LEAST, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_fills_the_chart_and_a_little_is_seen() {
        assert_eq!(highest(&[Bar::High(3), Bar::Untold, Bar::High(900), Bar::Gap]), 900);
        assert_eq!(highest(&[]), 0);
        assert_eq!(
            (scaled(900, 900), scaled(450, 900), scaled(1, 1_000_000)),
            (HEIGHT, HEIGHT / 2, LEAST)
        );
        assert_eq!(scaled(u64::MAX, u64::MAX), HEIGHT);
    }
}
