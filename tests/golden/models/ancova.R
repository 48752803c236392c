# ANCOVA (lm, emmeans) and Welch (t.test) on seeded data. Run: Rscript tests/golden/models/ancova.R
suppressMessages(library(emmeans))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20240118)
make <- function(case, sizes, slopes, shift, digits) {
  do.call(rbind, lapply(seq_along(sizes), function(g) {
    x <- round(rnorm(sizes[g], 60 + 4 * g, 12), digits)
    data.frame(case = case, group = g - 1, baseline = x,
               follow_up = round(30 + slopes[g] * (x - 60) + shift[g] + rnorm(sizes[g], 0, 9), digits))
  }))
}
data <- rbind(make("two_parallel", c(24, 31), c(0.6, 0.6), c(0, -6), 1),
              make("two_crossing", c(28, 26), c(1.1, -0.2), c(0, 5), 0),
              make("four_uneven", c(3, 14, 40, 9), rep(0.4, 4), c(0, 3, 7, -2), 1),
              make("three_crossing", c(15, 20, 18), c(1, 0, -1), c(0, 3, -4), 1),
              make("tiny", c(3, 3), c(0.5, 0.5), c(0, 2), 0))
write.csv(data, file.path(here, "ancova_data.csv"), row.names = FALSE)
rows <- list()
put <- function(case, what, key, ...) rows[[length(rows) + 1]] <<- data.frame(case = case, what = what, key = key, ...)
num <- function(value, se = NA, df = NA, df2 = NA, t = NA, p = NA, low = NA, high = NA)
  data.frame(value = value, se = se, df = df, df2 = df2, t = t, p = p, low = low, high = high)
pairwise <- function(case, what, model, at, label) {
  e <- emmeans(model, ~ g, at = list(baseline = at))
  k <- as.data.frame(summary(contrast(e, "revpairwise"), infer = TRUE, adjust = "none"))
  for (i in seq_len(nrow(k))) put(case, what, paste(label, gsub("g", "", k$contrast[i])),
    num(k$estimate[i], k$SE[i], k$df[i], NA, k$t.ratio[i], k$p.value[i], k$lower.CL[i], k$upper.CL[i]))
}
for (case in unique(data$case)) {
  d <- data[data$case == case, ]
  d$g <- factor(d$group)
  m0 <- lm(follow_up ~ baseline, d); m <- lm(follow_up ~ baseline + g, d); m2 <- lm(follow_up ~ baseline * g, d)
  s <- as.data.frame(summary(emmeans(m, ~ g), infer = TRUE))
  for (i in seq_len(nrow(s))) put(case, "mean", as.character(s$g[i]),
    num(s$emmean[i], s$SE[i], s$df[i], NA, NA, NA, s$lower.CL[i], s$upper.CL[i]))
  pairwise(case, "difference", m, mean(d$baseline), "common")
  a <- anova(m0, m)
  put(case, "heterogeneity", "F", num(a$F[2], NA, a$Df[2], a$Res.Df[2], NA, a[["Pr(>F)"]][2]))
  a <- anova(m, m2)
  put(case, "slopes", "F", num(a$F[2], NA, a$Df[2], a$Res.Df[2], NA, a[["Pr(>F)"]][2]))
  q <- quantile(d$baseline, c(0.25, 0.5, 0.75))
  for (i in 1:3) {
    put(case, "quartile", c("Q1", "median", "Q3")[i], num(q[[i]]))
    pairwise(case, "at_quartile", m2, q[[i]], c("Q1", "median", "Q3")[i])
  }
  w <- shapiro.test(residuals(m))
  put(case, "residuals", "W", num(w$statistic, p = w$p.value))
  put(case, "slope", "b", num(coef(m)[["baseline"]], summary(m)$coefficients["baseline", 2], low = confint(m)["baseline", 1],
                              high = confint(m)["baseline", 2]))
  put(case, "sigma", "s", num(summary(m)$sigma))
  change <- d$follow_up - d$baseline
  for (level in c(0.95, 0.9)) {
    t <- t.test(change[d$group == 1], change[d$group == 0], conf.level = level)
    put(case, "welch", as.character(level), num(t$estimate[[1]] - t$estimate[[2]], t$stderr, t$parameter, NA, t$statistic,
                                                t$p.value, t$conf.int[1], t$conf.int[2]))
  }
}
out <- do.call(rbind, rows)
for (column in c("value", "se", "df", "df2", "t", "p", "low", "high")) out[[column]] <- sprintf("%.17g", out[[column]])
write.csv(out, file.path(here, "ancova.csv"), row.names = FALSE)
