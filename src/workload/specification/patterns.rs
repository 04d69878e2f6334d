//! Activity patterns of cohorts, as windows (workload chapter, W-7.2).

use super::checked_clients::Window;
use super::checks;
use crate::config::workload_spec::{CohortSpec, DiurnalSpec, DrainSpec, SpikeSpec};
use crate::error::ConfigError;
use crate::workload::reference::functions::cos;

/// One hour, µs.
const HOUR: f64 = 3.6e9;

/// The windows of all patterns of a cohort; none = always active.
pub(super) fn cohort_windows<'spec>(
    cohort: &CohortSpec,
    path: &str,
) -> Result<Vec<Window<'spec>>, ConfigError> {
    let mut windows = Vec::new();
    if let Some(diurnal) = &cohort.diurnal {
        windows.append(&mut day(diurnal, &format!("{path}.diurnal"))?);
    }
    if let Some(spike) = &cohort.spike {
        windows.push(burst(spike, cohort.population, format!("{path}.spike"))?);
    }
    if let Some(drain) = &cohort.drain {
        windows.append(&mut decline(drain, &format!("{path}.drain"))?);
    }
    Ok(windows)
}

/// One window; the rate of the cohort is divided among the members.
fn burst<'spec>(spike: &SpikeSpec, population: i64, path: String) -> Result<Window<'spec>, ConfigError> {
    let start = checks::time(format!("{path}.start_time_us"), spike.start_time_us, 0)?;
    let duration = checks::time(format!("{path}.duration_us"), spike.duration_us, 1)?;
    let rate = spike.trace_rate;
    let rate = rate.map(|rate| checks::not_negative(format!("{path}.trace_rate"), rate)).transpose()?;
    let trace_rate = rate.map(|rate| rate / population as f64);
    Ok(Window { trace_rate, ..Window::plain(path, (start, start + duration)) })
}

/// Full activity until the start, then ten segments of which ever less is active.
fn decline<'spec>(drain: &DrainSpec, path: &str) -> Result<Vec<Window<'spec>>, ConfigError> {
    let start = checks::time(format!("{path}.start_time_us"), drain.start_time_us, 0)?;
    let ramp = checks::time(format!("{path}.ramp_duration_us"), drain.ramp_duration_us, 1)?;
    let segment = (ramp / 10).max(1);
    let mut spans = Vec::with_capacity(11);
    if start > 0 {
        spans.push((0, start));
    }
    for i in 0..10 {
        let from = start + i * segment;
        let active = segment as f64 * ((10 - i) as f64 / 10.0);
        spans.push((from, from + (active as i64).max(1)));
    }
    Ok(spans.into_iter().map(|span| Window::plain(path.to_owned(), span)).collect())
}

/// The first part of every hour of one day is active, the more of it the nearer the peak.
fn day<'spec>(diurnal: &DiurnalSpec, path: &str) -> Result<Vec<Window<'spec>>, ConfigError> {
    let DiurnalSpec { peak_hour, peak_to_trough_ratio: ratio } = *diurnal;
    if !(0..24).contains(&peak_hour) {
        return Err(ConfigError::invalid(format!("{path}.peak_hour"), peak_hour, "0 to 23"));
    }
    if !(ratio.is_finite() && ratio >= 1.0) {
        let path = format!("{path}.peak_to_trough_ratio");
        return Err(ConfigError::invalid(path, ratio, "a finite number of at least 1"));
    }
    let window = |hour: i64| {
        let angle = 2.0 * std::f64::consts::PI * (hour - peak_hour) as f64 / 24.0;
        let share = 0.5 * (1.0 + cos(angle)) * (1.0 - 1.0 / ratio) + 1.0 / ratio;
        let active = ((HOUR * share) as i64).clamp(1, HOUR as i64);
        let start = hour * HOUR as i64;
        Window::plain(path.to_owned(), (start, start + active))
    };
    Ok((0..24).map(window).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(windows: &[Window]) -> Vec<(i64, i64)> {
        windows.iter().map(|window| window.span).collect()
    }

    #[test]
    fn a_drain_is_a_duty_cycle_that_falls_by_a_tenth_per_segment() {
        let drain = DrainSpec { start_time_us: 1000, ramp_duration_us: 100 };
        let windows = decline(&drain, "").expect("valid");
        let expected = [
            (0, 1000),
            (1000, 1010),
            (1010, 1019),
            (1020, 1028),
            (1030, 1037),
            (1040, 1046),
            (1050, 1055),
            (1060, 1064),
            (1070, 1073),
            (1080, 1082),
            (1090, 1091),
        ];
        assert_eq!(spans(&windows), expected);
    }

    #[test]
    fn a_day_with_ratio_3_is_fully_active_at_its_peak_and_a_third_in_its_trough() {
        let diurnal = DiurnalSpec { peak_hour: 14, peak_to_trough_ratio: 3.0 };
        let windows = spans(&day(&diurnal, "").expect("valid"));
        let active = |hour: usize| (windows[hour].1 - windows[hour].0) as f64 / HOUR;
        assert_eq!(windows.len(), 24);
        assert_eq!(windows[14], (14 * 3_600_000_000, 15 * 3_600_000_000));
        for (hour, share) in [(8, 2.0 / 3.0), (20, 2.0 / 3.0), (2, 1.0 / 3.0)] {
            assert!((active(hour) - share).abs() < 1e-9, "hour {hour}: {}", active(hour));
        }
    }
}
