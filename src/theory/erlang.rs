//! Erlang C: waiting for one of many servers, where a server is a slot of a batch and not an instance.
//!
//! An instance is a queue with c = R slots; a slot is busy with a request for S = O itl(R). With a = rate S busy
//! slots offered, P(wait) = C(c, a) and the mean wait is C S / (c (1 - rho)), rho = a / c.

use super::calibration::Calibration;
use super::conditions::Conditions;
use super::{Bound, Overlay, Quantity, judged};

/// How far the predicted wait may lie from the measured one, as a share of it. Less than a step counts as nothing: every
/// request waits for the step under way, with a free slot, too.
const WAIT_BOUND: f64 = 0.5;

/// The squared coefficient of variation of Poisson arrivals is 1; this far off they count as such.
const POISSON_TOLERANCE: f64 = 0.3;

/// Probability that a customer has to wait: Poisson arrivals, exponential service, `servers` of them, `offered`
/// busy on average. 1 if they cannot keep up.
pub fn probability_of_waiting(servers: u32, offered: f64) -> f64 {
    if offered >= f64::from(servers) {
        return 1.0;
    }
    // Erlang B by its recursion in the number of servers, which is stable; then C from B.
    let blocked = (1..=servers).fold(1.0, |blocked, server| {
        let offered_blocked = offered * blocked;
        offered_blocked / (f64::from(server) + offered_blocked)
    });
    let load = offered / f64::from(servers);
    blocked / (1.0 - load * (1.0 - blocked))
}

/// Mean wait in units of the mean service time; infinite if the servers cannot keep up.
pub fn mean_wait_in_services(servers: u32, offered: f64) -> f64 {
    let rest = f64::from(servers) - offered;
    if rest > 0.0 { probability_of_waiting(servers, offered) / rest } else { f64::INFINITY }
}

/// Waiting for a slot.
pub fn overlay(calibration: &Calibration, run: &Conditions) -> Overlay {
    let slots = calibration.slots;
    let service_ms = calibration.mean_output * calibration.itl_ms(f64::from(slots));
    let offered = run.rate_per_instance * service_ms / 1000.0;
    let load = offered / f64::from(slots);
    let values = vec![
        Quantity::new("load", load, ""),
        Quantity::new("probability_of_waiting", probability_of_waiting(slots, offered), ""),
        Quantity::new("mean_wait_ms", mean_wait_in_services(slots, offered) * service_ms, "ms").beside(
            run.mean_wait_ms,
            Bound { share: WAIT_BOUND, slack: calibration.itl_ms(f64::from(slots)) },
        ),
    ];
    let variation = run.arrival_variation;
    judged(
        ("erlang", "Erlang C over slots"),
        values,
        [
            (run.rate_per_instance > 0.0, "there is no stream of arrivals".to_owned()),
            (run.open_loop, "users wait for their answers, so arrivals are not independent".to_owned()),
            (
                load < 1.0,
                format!("the slots are offered {load:.2} times what they can do: there is no steady state"),
            ),
            (
                (variation - 1.0).abs() <= POISSON_TOLERANCE,
                format!(
                    "arrivals are {} than Poisson (squared variation {variation:.2}, Poisson has 1)",
                    if variation < 1.0 { "more even" } else { "more bursty" }
                ),
            ),
            (!run.kv_bound, "the KV cache was full before the slots were".to_owned()),
            (run.balanced, "the instances do not get equal shares of the requests".to_owned()),
            (!run.growing, "the cluster is overloaded: there is no steady state".to_owned()),
        ],
        format!(
            "arrivals are nearly Poisson and the {slots} slots are offered {load:.2} of what they can do; service \
             gets faster when fewer run, so this is an upper estimate"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() <= 1e-12 * right.abs().max(1.0)
    }

    #[test]
    fn with_one_server_the_probability_is_the_load() {
        assert!(close(probability_of_waiting(1, 0.3), 0.3));
        assert!(close(probability_of_waiting(1, 0.9), 0.9));
    }

    #[test]
    fn with_two_servers_it_is_two_rho_squared_over_one_plus_rho() {
        // a = 1, rho = 1/2: 2 (1/4) / (3/2) = 1/3.
        assert!(close(probability_of_waiting(2, 1.0), 1.0 / 3.0));
    }

    #[test]
    fn with_three_servers_it_is_the_textbook_sum() {
        // a = 2: (8/6) 3 / ((1 + 2 + 2) + (8/6) 3) = 4 / 9.
        assert!(close(probability_of_waiting(3, 2.0), 4.0 / 9.0));
    }

    #[test]
    fn with_one_server_the_wait_is_that_of_an_mm1_queue() {
        // rho / (1 - rho) services.
        assert!(close(mean_wait_in_services(1, 0.75), 3.0));
    }

    #[test]
    fn servers_that_cannot_keep_up_make_everyone_wait_for_ever() {
        assert_eq!(probability_of_waiting(4, 4.0), 1.0);
        assert_eq!(mean_wait_in_services(4, 5.0), f64::INFINITY);
    }

    #[test]
    fn many_servers_at_the_same_load_hardly_wait() {
        assert!(probability_of_waiting(256, 0.8 * 256.0) < 0.01);
        assert!(probability_of_waiting(1, 0.8) > 0.79);
    }
}
