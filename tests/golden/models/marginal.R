# Ordered marginal homogeneity (coin::mh_test with scores), exact sign permutation (exactRankTests), funnel limits (qbinom).
# Run: Rscript tests/golden/models/marginal.R
suppressMessages({library(coin); library(exactRankTests)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20240121)
make <- function(case, n, down) {
  b <- sample(1:3, n, replace = TRUE, prob = c(0.2, 0.5, 0.3))
  a <- pmin(3, pmax(1, b + sample(-2:1, n, replace = TRUE, prob = c(down / 3, down, 1 - 4 * down / 3 - 0.15, 0.15))))
  data.frame(case = case, before = b, after = a)
}
data <- rbind(make("small", 20, 0.3), make("even", 40, 0.1), make("fifty", 75, 0.35), make("large", 300, 0.25), make("seven", 7, 0.5))
write.csv(data, file.path(here, "marginal_data.csv"), row.names = FALSE)
rows <- list()
put <- function(case, key, value) rows[[length(rows) + 1]] <<- data.frame(case = case, key = key, value = value)
for (case in unique(data$case)) {
  d <- data[data$case == case, ]
  t <- as.table(table(factor(d$before, 1:3), factor(d$after, 1:3)))
  m <- mh_test(t, scores = list(response = 1:3))
  put(case, c("z", "p"), c(abs(as.numeric(statistic(m))), as.numeric(pvalue(m))))
  moved <- (d$after - d$before)[d$after != d$before]
  put(case, "changed", length(moved))
  put(case, "exact", perm.test(d$after, d$before, paired = TRUE, exact = TRUE)$p.value)
}
out <- do.call(rbind, rows); out$value <- sprintf("%.17g", out$value)
write.csv(out, file.path(here, "marginal.csv"), row.names = FALSE)
limit <- function(p, n, theta) {
  q <- qbinom(p, n, theta)
  (q - (pbinom(q, n, theta) - p) / (pbinom(q, n, theta) - pbinom(q - 1, n, theta))) / n
}
f <- expand.grid(theta = c(0.03, 0.21, 0.5, 0.69, 0.97), n = c(1, 2, 5, 12, 29, 80, 401, 5000), level = c(0.95, 0.998))
f$low <- mapply(function(l, n, t) max(0, limit((1 - l) / 2, n, t)), f$level, f$n, f$theta)
f$high <- mapply(function(l, n, t) limit((1 + l) / 2, n, t), f$level, f$n, f$theta)
for (column in c("low", "high")) f[[column]] <- sprintf("%.17g", f[[column]])
write.csv(f, file.path(here, "funnel.csv"), row.names = FALSE)
