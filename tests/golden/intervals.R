# Intervals and exact tests that no package of Debian's R has, written out from their definitions; sourced by the scripts
# beside it. Nothing here is shared with lib/: each is the slow, plain form (leave-one-out by loop, all pairs, integrals).
rank_biserial_of <- function(d) { d <- d[d != 0]; r <- rank(abs(d)); sum(sign(d) * r) / sum(r) }
# jackknife over all patients on Fisher's z; where r or a leave-one-out r is +-1 the score interval under a normal shift
rank_biserial_limits <- function(d, level = 0.95) {
  z <- qnorm((1 + level) / 2); r <- rank_biserial_of(d); n <- length(d)
  left <- sapply(seq_along(d), function(i) rank_biserial_of(d[-i]))
  if (abs(r) == 1 || any(is.nan(left)) || any(abs(left) == 1)) return(score_limits(r, sum(d != 0), level))
  zeta <- atanh(left)
  half <- z * sqrt((n - 1) / n * sum((zeta - mean(zeta))^2))
  if (half == 0) return(score_limits(r, sum(d != 0), level))
  tanh(atanh(r) + c(-half, half))
}
score_limits <- function(r, n, level = 0.95) {
  z <- qnorm((1 + level) / 2); s <- abs(r)
  over <- function(f) integrate(f, -12, 12, rel.tol = 1e-12, subdivisions = 2000)$value
  moments <- function(t) {
    p1 <- pnorm(t); p2 <- pnorm(sqrt(2) * t)
    p3 <- over(function(x) dnorm(x) * pnorm(x + 2 * t)^2)              # both X1 + X2 and X1 + X3 above 0
    p4 <- integrate(function(x) dnorm(x) * pnorm(x + 2 * t), -t, 12, rel.tol = 1e-12, subdivisions = 2000)$value
    all <- n * (n + 1) / 2
    v <- n * p1 * (1 - p1) + n * (n - 1) / 2 * p2 * (1 - p2) + n * (n - 1) * (n - 2) * (p3 - p2^2) + 2 * n * (n - 1) * (p4 - p1 * p2)
    c(2 * (n * p1 + n * (n - 1) / 2 * p2) / all - 1, 2 * sqrt(max(v, 0)) / all)
  }
  off <- function(side) function(t) { m <- moments(t); m[1] + side * z * m[2] - s }
  low <- uniroot(off(1), c(-4, 4), tol = 1e-14)$root
  high <- if (s == 1) Inf else uniroot(off(-1), c(-4, 5), tol = 1e-14)$root
  ends <- 2 * pnorm(sqrt(2) * c(low, high)) - 1
  if (r < 0) -rev(ends) else ends
}
newcombe_5 <- function(area, m, n, level = 0.95) {
  z <- qnorm((1 + level) / 2)
  f <- function(t) abs(t - area) - z * sqrt(t * (1 - t) * (1 + ((m + n) / 2 - 1) * ((1 - t) / (2 - t) + t / (1 + t))) / (m * n))
  c(if (area == 0) 0 else uniroot(f, c(0, area - 1e-9), tol = 1e-15)$root,
    if (area == 1) 1 else uniroot(f, c(area + 1e-9, 1), tol = 1e-15)$root)
}
cliff_limits <- function(first, second, level = 0.95) {
  d <- sign(outer(second, first, "-")); n2 <- nrow(d); n1 <- ncol(d); m <- mean(d)
  v <- ((n2 - 1) * var(colMeans(d)) + (n1 - 1) * var(rowMeans(d)) + sum((d - m)^2) / ((n1 - 1) * (n2 - 1))) / (n1 * n2)
  if (abs(m) == 1) return(2 * newcombe_5((m + 1) / 2, n1, n2, level) - 1)
  t <- qt((1 + level) / 2, n1 + n2 - 2)
  (m - m^3 + c(-1, 1) * t * sqrt(v) * sqrt((1 - m^2)^2 + t^2 * v)) / (1 - m^2 + t^2 * v)
}
# Kruskal-Wallis over every arrangement of the patients (up to 100,000 of them)
kruskal_exact <- function(value, group) {
  r <- 2 * rank(value); sizes <- as.integer(table(group)); shared <- prod(sizes)
  statistic <- function(sums) sum(sums^2 * (shared / sizes))
  observed <- statistic(tapply(r, factor(group), sum)); hits <- total <- 0
  walk <- function(left, k, sums) {
    if (k == length(sizes)) { total <<- total + 1; hits <<- hits + (statistic(c(sums, sum(r[left]))) >= observed); return(invisible()) }
    for (pick in utils::combn(length(left), sizes[k], simplify = FALSE)) walk(left[-pick], k + 1, c(sums, sum(r[left[pick]])))
  }
  walk(seq_along(r), 1, c()); hits / total
}
arrangements <- function(group) exp(lfactorial(length(group)) - sum(lfactorial(table(group))))
