# cor.test and loess on seeded data. Run: Rscript tests/golden/models/association.R
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20240119)
make <- function(case, n, digits, curve) {
  x <- round(runif(n, 0, 10), digits)
  data.frame(case = case, x = x, y = round(curve(x) + rnorm(n, 0, 2), digits))
}
data <- rbind(make("fine", 60, 3, function(x) 3 + x - 0.15 * x^2), make("coarse", 45, 0, function(x) 8 - 0.8 * x),
              make("small", 12, 1, function(x) x), make("four", 4, 1, function(x) x),
              make("none", 300, 2, function(x) 0 * x))
write.csv(data, file.path(here, "association_data.csv"), row.names = FALSE)
rows <- list()
put <- function(case, what, key, value) rows[[length(rows) + 1]] <<- data.frame(case = case, what = what, key = key, value = value)
for (case in unique(data$case)) {
  d <- data[data$case == case, ]
  p <- cor.test(d$x, d$y)
  s <- suppressWarnings(cor.test(d$x, d$y, method = "spearman", exact = FALSE))
  put(case, "pearson", c("r", "low", "high", "t", "p"), c(p$estimate, p$conf.int, p$statistic, p$p.value))
  put(case, "spearman", c("r", "p"), c(s$estimate, s$p.value))
  # Bonett and Wright 2000, from its formula
  z <- atanh(s$estimate); e <- sqrt((1 + s$estimate^2 / 2) / (nrow(d) - 3)) * qnorm(0.975)
  put(case, "spearman", c("low", "high"), tanh(c(z - e, z + e)))
  if (nrow(d) >= 12) {
    m <- loess(y ~ x, d, span = 0.75, degree = 1, control = loess.control(surface = "direct", statistics = "exact"))
    grid <- seq(min(d$x), max(d$x), length.out = 81)
    f <- predict(m, data.frame(x = grid), se = TRUE)
    put(case, "fit", sprintf("%d", 0:80), f$fit)
    put(case, "low", sprintf("%d", 0:80), f$fit - qt(0.975, f$df) * f$se.fit)
    put(case, "smooth", c("sigma", "df"), c(f$residual.scale, f$df))
  }
}
# weights: the curve through bin means weighted by their counts
w <- data.frame(x = 1:12 + 0.0, y = c(3, 5, 4, 6, 8, 7, 9, 9, 10, 12, 11, 13), n = c(3, 9, 4, 1, 7, 20, 5, 6, 2, 8, 3, 4))
m <- loess(y ~ x, w, weights = n, span = 0.75, degree = 1, control = loess.control(surface = "direct", statistics = "exact"))
put("weights", "fit", as.character(1:12), predict(m, data.frame(x = 1:12)))
put("weights", "sigma", "sigma", m$s)
out <- do.call(rbind, rows)
out$value <- sprintf("%.17g", out$value)
write.csv(out, file.path(here, "association.csv"), row.names = FALSE)
