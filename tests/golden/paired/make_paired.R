# Golden numbers for lib/stats/paired.py, from R and never from our own code.
#   Rscript tests/golden/paired/make_paired.R      (from the repository root; packages MASS, exactRankTests, coin, effectsize)
# Writes pairs.csv (case, resolution, baseline, follow_up as whole counts) and expected.csv (case, key, value).
# Everything is decided on whole counts and scaled back at the end, as STATISTICS.md section 1 asks.
# Data: MASS::anorexia (Hand et al. 1993, A Handbook of Small Data Sets, data set 285) and datasets::sleep (Student 1908);
# the other cases are drawn here with a fixed seed to hold ties, zeros and extreme effects.
suppressPackageStartupMessages({ library(MASS); library(exactRankTests); library(coin); library(effectsize) })
source("tests/golden/intervals.R")
folder <- "tests/golden/paired"
alpha <- 0.05

noncentral_cdf <- function(t, df, delta) {
  # pt is approximate beyond |delta| 37.62: integrate pnorm(t s - delta) over the density of s = sqrt(chisq / df).
  s0 <- sqrt(qchisq(c(1e-17, 0.5), df) / df); top <- sqrt(qchisq(1e-17, df, lower.tail = FALSE) / df)
  f <- function(s) pnorm(t * s - delta) * 2 * df * s * dchisq(df * s^2, df)
  cuts <- sort(unique(pmin(pmax(c(s0[1], top, s0[2], (delta + c(-8, -4, -2, 0, 2, 4, 8)) / t), s0[1]), top)))
  sum(mapply(function(a, b) integrate(f, a, b, rel.tol = 1e-13, abs.tol = 0, subdivisions = 2000, stop.on.error = FALSE)$value,
             cuts[-length(cuts)], cuts[-1]))
}

noncentral_limits <- function(t, df) {
  a <- abs(t); step <- 3 * sqrt(1 + a^2 / (2 * df))
  solve_by <- function(cdf, p) uniroot(function(d) cdf(a, df, d) - p, c(a - 2 * step, a + 2 * step), extendInt = "downX", tol = 1e-13)$root
  if (a + 2 * step < 37) {
    by_pt <- sapply(c(1 - alpha / 2, alpha / 2), function(p) solve_by(function(t, df, d) suppressWarnings(pt(t, df, d)), p))
  }
  limits <- if (a > 0.5) sapply(c(1 - alpha / 2, alpha / 2), function(p) solve_by(noncentral_cdf, p)) else by_pt
  if (a + 2 * step < 37) { stopifnot(all(abs(limits - by_pt) < 1e-8 * pmax(1, abs(by_pt)))); limits <- by_pt }
  if (t >= 0) limits else rev(-limits)
}

describe <- function(x, res, prefix) {
  q <- quantile(x, c(0.25, 0.75), type = 7, names = FALSE)
  out <- c(mean = mean(x), sd = if (length(x) > 1) sd(x) else NA, median = median(x), q1 = q[1], q3 = q[2], minimum = min(x), maximum = max(x)) * res
  names(out) <- paste0(prefix, "_", names(out)); out
}

mean_limits <- function(x, res, prefix) {
  if (length(x) < 3 || sd(x) == 0) return(NULL)
  setNames(as.numeric(t.test(x)$conf.int) * res, paste0(prefix, "_mean_", c("low", "high")))
}

one_case <- function(b, f, res) {
  d <- f - b; n <- length(d)
  walsh <- outer(d, d, "+"); walsh <- sort(walsh[upper.tri(walsh, diag = TRUE)]) / 2; m <- length(walsh)
  out <- c(n = n, describe(b, res, "baseline"), describe(f, res, "follow_up"), describe(d, res, "change"),
           mean_limits(b, res, "baseline"), mean_limits(f, res, "follow_up"), zeros = sum(d == 0), hl = median(walsh) * res)
  k <- if (n <= 50) qsignrank(alpha / 2, n) else floor(n * (n + 1) / 4 - qnorm(1 - alpha / 2) * sqrt(n * (n + 1) * (2 * n + 1) / 24)) + 1
  if (n < 3 || sd(d) == 0) return(out)
  out <- c(out, hl_k = k)
  if (k > 0) out <- c(out, hl_low = walsh[k] * res, hl_high = walsh[m + 1 - k] * res)
  tt <- t.test(f, b, paired = TRUE)
  out <- c(out, change_mean_low = tt$conf.int[1] * res, change_mean_high = tt$conf.int[2] * res, t = unname(tt$statistic), t_p = tt$p.value)
  sw <- shapiro.test(d); out <- c(out, shapiro_w = unname(sw$statistic), shapiro_p = sw$p.value)

  nz <- d[d != 0]; r <- rank(abs(nz)); np <- length(nz)
  out <- c(out, t_plus = sum(r[nz > 0]), t_minus = sum(r[nz < 0]), ties = as.numeric(any(duplicated(abs(nz)))))
  if (np <= 50) out <- c(out, wilcoxon_exact_p = wilcox.exact(nz, exact = TRUE)$p.value)
  cw <- wilcoxsign_test(f ~ b, zero.method = "Wilcoxon")
  out <- c(out, wilcoxon_z = as.numeric(statistic(cw)), wilcoxon_normal_p = as.numeric(pvalue(cw)))
  out <- c(out, rank_biserial = rank_biserial_of(d))
  if (np >= 3) { rb <- rank_biserial_limits(d); out <- c(out, rank_biserial_low = rb[1], rank_biserial_high = rb[2]) }
  sg <- binom.test(sum(d > 0), np)
  out <- c(out, sign_p = sg$p.value, risen_low = sg$conf.int[1], risen_high = sg$conf.int[2])

  dz <- mean(d) / sd(d); lim <- noncentral_limits(unname(tt$statistic), n - 1) / sqrt(n)
  j <- exp(lgamma((n - 1) / 2) - lgamma((n - 2) / 2)) / sqrt((n - 1) / 2)
  add <- function(name, k) setNames(c(dz, lim) * k, paste0(name, c("", "_low", "_high")))
  out <- c(out, add("d_z", 1), add("d_av", sd(d) / sqrt((var(b) + var(f)) / 2)), add("g_z", j))
  if (sd(b) > 0) out <- c(out, add("Glass", sd(d) / sd(b)))
  # effectsize minimises instead of solving: 6 digits at ordinary t, and it stops at its starting value for large |t|
  # (three_hundred, t about -20: -1.4258 where pt and the integral both say -1.2570). So a second opinion only there.
  if (abs(tt$statistic) > 10) return(out)
  es <- suppressWarnings(cohens_d(f, b, paired = TRUE, ci = 1 - alpha))
  c(out, effectsize_d_z = es$Cohens_d, effectsize_d_z_low = es$CI_low, effectsize_d_z_high = es$CI_high)
}

counts <- function(x, res) as.integer(round(x / res))
set.seed(20240611)
anorexia_arm <- function(arm) { a <- anorexia[anorexia$Treat == arm, ]; list(res = 0.1, b = counts(a$Prewt, 0.1), f = counts(a$Postwt, 0.1)) }
clip <- function(x, low, high) as.integer(pmin(pmax(round(x), low), high))
cases <- list(
  anorexia_cbt = anorexia_arm("CBT"), anorexia_cont = anorexia_arm("Cont"), anorexia_ft = anorexia_arm("FT"),
  sleep = list(res = 0.1, b = counts(sleep$extra[sleep$group == 1], 0.1), f = counts(sleep$extra[sleep$group == 2], 0.1)))
b <- clip(rnorm(40, 7, 1.5), 0, 10); cases$whole_scale_ties <- list(res = 1, b = b, f = clip(b - rnorm(40, 1, 1.5), 0, 10))
b <- clip(rnorm(45, 60, 15), 0, 100); cases$many_zeros <- list(res = 0.1, b = b, f = as.integer(b + sample(c(rep(0, 6), -20, -10, 10, 30), 45, TRUE)))
b <- clip(rnorm(70, 5, 2), 0, 10); cases$normal_ties_zeros <- list(res = 1, b = b, f = clip(b + rnorm(70, 0.6, 1.4), 0, 10))
cases$fifty_used <- list(res = 1, b = rep(10L, 52), f = as.integer(10 + c(0, 0, sample(c(-3:-1, 1:5), 50, TRUE))))
cases$fifty_one_used <- list(res = 1, b = clip(rnorm(51, 20, 3), 0, 40), f = 0L)
cases$fifty_one_used$f <- as.integer(cases$fifty_one_used$b + sample(c(-4:-1, 1:4), 51, TRUE))
b <- clip(rnorm(120, 4000, 2500), -742, 10000); cases$index_four_decimals <- list(res = 1e-4, b = b, f = clip(b + rnorm(120, 900, 1500), -742, 10000))
b <- clip(rnorm(300, 700, 150), 0, 1000); cases$three_hundred <- list(res = 0.1, b = b, f = clip(b - rexp(300, 1 / 200), 0, 1000))
b <- clip(rnorm(40, 80, 3), 0, 100); cases$huge_effect <- list(res = 1, b = b, f = as.integer(b - sample(38:40, 40, TRUE)))
cases$huge_effect_small_n <- list(res = 1, b = c(90L, 80L, 85L), f = c(10L, 1L, 4L))
cases$one_pair <- list(res = 0.5, b = 7L, f = 4L)
cases$two_pairs <- list(res = 0.5, b = c(7L, 9L), f = c(4L, 9L))
cases$three_pairs_tie <- list(res = 1, b = c(5L, 6L, 7L), f = c(4L, 5L, 9L))
cases$five_pairs <- list(res = 1, b = c(5L, 6L, 7L, 3L, 9L), f = c(4L, 7L, 2L, 3L, 2L))
cases$six_pairs <- list(res = 1, b = c(5L, 6L, 7L, 3L, 9L, 8L), f = c(4L, 7L, 2L, 3L, 2L, 2L))
cases$same_change <- list(res = 0.1, b = c(50L, 61L, 70L, 44L), f = c(30L, 41L, 50L, 24L))
cases$constant_baseline <- list(res = 1, b = rep(8L, 12), f = c(3L, 4L, 4L, 8L, 7L, 2L, 1L, 5L, 6L, 8L, 9L, 3L))
cases$mean_exactly_zero <- list(res = 1, b = rep(c(5L, 6L), 6), f = as.integer(rep(c(5, 6), 6) + c(-3, 3, -2, 2, -1, 1, -4, 4, 0, 0, -5, 5)))

pairs <- do.call(rbind, lapply(names(cases), function(n) data.frame(case = n, resolution = format(cases[[n]]$res, scientific = FALSE), baseline = cases[[n]]$b, follow_up = cases[[n]]$f)))
write.csv(pairs, file.path(folder, "pairs.csv"), row.names = FALSE, quote = FALSE)
expected <- do.call(rbind, lapply(names(cases), function(n) { v <- one_case(cases[[n]]$b, cases[[n]]$f, cases[[n]]$res); v <- v[!is.na(v)]; data.frame(case = n, key = names(v), value = sprintf("%.17g", v)) }))
write.csv(expected, file.path(folder, "expected.csv"), row.names = FALSE, quote = FALSE)
