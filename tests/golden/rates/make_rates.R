# Expected values for rates, yes/no, ranks, tables, Holm and standardised differences, by R.
# Run: Rscript tests/golden/rates/make_rates.R > tests/golden/rates/expected.csv   (packages exactRankTests, coin)
suppressPackageStartupMessages({library(exactRankTests); library(coin)})
source("tests/golden/intervals.R")
cat("case,statistic,value\n")
out <- function(case, statistic, value) cat(sprintf("%s,%s,%.17g\n", case, statistic, value), sep = "")

# Rates: case rate_<count>_<n>_<confidence>
for (x in list(c(20, 29, .95), c(0, 29, .95), c(29, 29, .95), c(1, 1, .95), c(0, 1, .95), c(4, 57, .99), c(27, 28, .9),
               c(123456, 1000000, .95))) {
  case <- sprintf("rate_%d_%d_%g", as.integer(x[1]), as.integer(x[2]), x[3])
  w <- suppressWarnings(prop.test(x[1], x[2], conf.level = x[3], correct = FALSE)$conf.int)
  b <- binom.test(x[1], x[2], conf.level = x[3])$conf.int
  out(case, "wilson_low", w[1]); out(case, "wilson_high", w[2])
  out(case, "exact_low", b[1]); out(case, "exact_high", b[2])
}

# Yes/no: case yesno_<a>_<b>_<c>_<d>
for (x in list(c(6, 7, 1, 15), c(36, 12, 2, 0), c(3, 4, 4, 2), c(5, 0, 6, 1), c(10, 1, 0, 10), c(2000, 310, 240, 5000))) {
  case <- sprintf("yesno_%d_%d_%d_%d", x[1], x[2], x[3], x[4])
  b <- x[2]; c <- x[3]
  exact <- binom.test(b, b + c)$p.value
  out(case, "exact", exact)
  out(case, "mid_p", if (b == c) 1 - dbinom(b, b + c, .5) / 2 else exact - dbinom(b, b + c, .5))
  out(case, "fisher", fisher.test(matrix(c(x[1], x[3], x[2], x[4]), 2))$p.value)
}

# Tables: rows separated by ";" in the case name
tables <- list(
  rbind(c(56, 14), c(48, 32)), rbind(c(6, 7), c(1, 15)), rbind(c(1, 9), c(11, 3)), rbind(c(0, 5), c(5, 0)),
  rbind(c(1200, 34000), c(900, 31000)), rbind(c(3, 1, 2), c(0, 5, 4), c(2, 2, 6)), rbind(c(4, 0), c(2, 3), c(1, 6), c(0, 2)),
  rbind(c(8, 5, 2, 1), c(3, 9, 6, 2), c(1, 4, 7, 9)), rbind(c(40, 3, 5), c(30, 1, 9)),
  rbind(c(2, 0, 1, 3, 1), c(0, 4, 1, 0, 2), c(3, 1, 0, 1, 2)), rbind(c(1, 0, 0), c(0, 1, 0), c(0, 0, 1)),
  rbind(c(20, 31), c(30, 22), c(25, 26)))
name <- function(t) paste(apply(t, 1, paste, collapse = " "), collapse = ";")
for (t in tables) {
  chi <- suppressWarnings(chisq.test(t, correct = FALSE))
  case <- paste0("table_", name(t))
  out(case, "chi_square", chi$statistic); out(case, "chi_p", chi$p.value); out(case, "df", chi$parameter)
  out(case, "fisher", fisher.test(t, workspace = 2e7)$p.value)
}

# Ranks: case ranks_<index>; the data are in ranks.csv
d <- read.csv("tests/golden/rates/ranks.csv")
for (i in unique(d$case)) {
  e <- d[d$case == i, ]
  groups <- split(e$value, e$group)
  case <- paste0("ranks_", i)
  k <- suppressWarnings(kruskal.test(e$value, factor(e$group)))
  out(case, "H", k$statistic)
  if (nrow(e) > 50) out(case, "H_p", k$p.value)
  else if (arrangements(e$group) <= 1e5) out(case, "H_exact", kruskal_exact(e$value, e$group))
  else { set.seed(1); out(case, "H_drawn", as.numeric(pvalue(coin::kruskal_test(value ~ factor(group), e, distribution = approximate(nresample = 1e6))))) }
  if (length(groups) != 2) next
  first <- groups[[1]]; second <- groups[[2]]
  w <- suppressWarnings(wilcox.test(second, first, exact = FALSE, correct = FALSE))
  out(case, "U", w$statistic)
  out(case, "delta", mean(sign(outer(second, first, "-"))))
  if (min(length(first), length(second)) > 1) { r <- cliff_limits(first, second); out(case, "delta_low", r[1]); out(case, "delta_high", r[2]) }
  if (nrow(e) <= 50) {
    out(case, "exact_p", wilcox.exact(second, first, exact = TRUE)$p.value)
    out(case, "coin_p", as.numeric(pvalue(coin::wilcox_test(value ~ factor(group), e, distribution = "exact"))))
  } else out(case, "normal_p", w$p.value)
}

# Holm
p <- c(0.01, 0.04, 0.03, 0.005, 0.04, 0.9)
for (i in seq_along(p)) out("holm", i, p.adjust(p, "holm")[i])

# Standardised differences by their printed formulas (Austin 2009; Yang & Dalton 2012), base R
ginv <- function(s) { e <- svd(s); k <- e$d > 1e-10 * e$d[1]; e$v[, k, drop = FALSE] %*% (t(e$u[, k, drop = FALSE]) / e$d[k]) }
smd_num <- function(a, b) abs(mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)
smd_cat <- function(a, b) {
  p <- a / sum(a); q <- b / sum(b); v <- p - q
  s <- (diag(p) - p %o% p + diag(q) - q %o% q) / 2
  sqrt(drop(t(v) %*% ginv(s) %*% v))
}
smd_two <- function(a, b) { p <- a[1] / sum(a); q <- b[1] / sum(b); abs(p - q) / sqrt((p * (1 - p) + q * (1 - q)) / 2) }
n1 <- c(34, 41.5, 29, 50, 38); n2 <- c(44, 47, 39, 61, 52, 40); n3 <- c(30, 31, 44, 45)
out("smd", "numeric_2", smd_num(n1, n2))
out("smd", "numeric_3", mean(c(smd_num(n1, n2), smd_num(n1, n3), smd_num(n2, n3))))
out("smd", "two_levels", smd_two(c(7, 22), c(14, 14)))
out("smd", "three_levels", smd_cat(c(13, 8, 8), c(11, 4, 13)))
out("smd", "absent_level", smd_cat(c(13, 8, 8), c(11, 17, 0)))
out("smd", "three_groups", mean(c(smd_cat(c(5, 3, 2), c(4, 4, 9)), smd_cat(c(5, 3, 2), c(1, 6, 6)), smd_cat(c(4, 4, 9), c(1, 6, 6)))))

# Table 1: the same numbers
out("welch", "t", t.test(n2, n1)$statistic); out("welch", "t_p", t.test(n2, n1)$p.value)
o <- oneway.test(v ~ g, data.frame(v = c(n1, n2, n3), g = rep(1:3, c(5, 6, 4))))
out("welch", "F", o$statistic); out("welch", "F_p", o$p.value); out("welch", "F_df", o$parameter[2])
x <- c(18.2, 21.4, 19.9, 33.1, 24.0, 22.2, 27.5, 41.3)
out("numeric", "mean", mean(x)); out("numeric", "sd", sd(x)); out("numeric", "median", median(x))
out("numeric", "q1", quantile(x, .25, type = 7)); out("numeric", "q3", quantile(x, .75, type = 7))
out("numeric", "shapiro_p", shapiro.test(x)$p.value)
