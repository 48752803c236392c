# Groups side by side on two public data sets: what tests/golden/compare/test_compare_golden.py expects of a Comparison.
# Run from the top folder with COHORTLENS_PUBLIC_DATA set: Rscript tests/golden/compare/compare.R
suppressMessages({library(emmeans); library(nlme); library(clubSandwich); library(sandwich)})
data <- Sys.getenv("COHORTLENS_PUBLIC_DATA")
out <- data.frame(name = character(), value = character())
put <- function(name, value) out <<- rbind(out, data.frame(name = name, value = sprintf("%.15g", as.numeric(value))))

ancova <- function(key, d) {
  m <- lm(after ~ before + group, d)
  # HC2 errors with Bell-McCaffrey df: CR2 with every patient a cluster and Satterthwaite df; F tests with HC3
  l <- emmeans(m, "group")@linfct; names <- levels(d$group); p <- c(); called <- c()
  for (first in seq_len(length(names) - 1)) for (second in (first + 1):length(names)) {
    k <- linear_contrast(m, vcov = "CR2", cluster = seq_len(nobs(m)), contrasts = matrix(l[second, ] - l[first, ], 1),
                         level = 0.95, test = "Satterthwaite")
    name <- paste0(names[second], "-", names[first])
    if (all(grepl("^[0-9]+$", names))) name <- paste0("group", names[second], "-group", names[first])
    p <- c(p, 2 * pt(-abs(k$Est / k$SE), k$df)); called <- c(called, name)
    put(paste(key, name, "estimate"), k$Est); put(paste(key, name, "lower.CL"), k$CI_L)
    put(paste(key, name, "upper.CL"), k$CI_U); put(paste(key, name, "p.value"), p[length(p)])
  }
  holm <- p.adjust(p, "holm")
  for (i in seq_along(holm)) put(paste(key, called[i], "holm"), holm[i])
  robust <- function(what, model, terms) {
    v <- vcovHC(model, "HC3")[terms, terms, drop = FALSE]; b <- coef(model)[terms]
    f <- as.numeric(t(b) %*% solve(v) %*% b) / length(b)
    put(paste(key, what, "F"), f); put(paste(key, what, "p"), pf(f, length(b), df.residual(model), lower.tail = FALSE))
  }
  robust("heterogeneity", m, grep("^group", base::names(coef(m))))
  crossed <- lm(after ~ before * group, d)
  robust("slopes", crossed, grep(":", base::names(coef(crossed))))
  put(paste(key, "residuals W"), shapiro.test(residuals(m))$statistic)
  own <- lm(after ~ before * group, d)
  at <- quantile(d$before, c(.25, .5, .75), type = 7)
  for (q in 1:3) {
    e <- as.data.frame(summary(pairs(emmeans(own, "group", at = list(before = at[[q]])), reverse = TRUE, adjust = "none"), infer = TRUE))
    for (i in seq_len(nrow(e))) put(paste(key, gsub(" ", "", e$contrast[i]), "at", q), e$estimate[i])
  }
  for (a in levels(d$group)) for (b in levels(d$group)) if (a != b) {
    t <- t.test((d$after - d$before)[d$group == b], (d$after - d$before)[d$group == a])
    put(paste(key, b, "against", a, "welch"), t$estimate[1] - t$estimate[2])
    put(paste(key, b, "against", a, "welch p"), t$p.value)
  }
}

anorexia <- read.csv(file.path(data, "paired", "anorexia.csv"))
d <- data.frame(before = anorexia$Prewt, after = anorexia$Postwt, group = factor(anorexia$Treat))
ancova("anorexia", d)
gain <- round(10 * (d$after - d$before)) / 10
put("anorexia fisher rxc p", fisher.test(table(d$group, gain >= 5))$p.value)
put("anorexia chisq p", chisq.test(table(d$group, gain >= 5), correct = FALSE)$p.value)
for (a in levels(d$group)) for (b in levels(d$group)) if (a < b) {
  two <- d$group %in% c(a, b)
  put(paste("anorexia rates p", a, b), chisq.test(table(factor(d$group[two]), gain[two] >= 5), correct = FALSE)$p.value)
}

trial <- read.csv(file.path(data, "acupuncture_headache", "acupuncture.csv"), fileEncoding = "UTF-8-BOM")
h <- with(trial[!is.na(trial$pk5), ], data.frame(before = pk1, after = pk5, group = factor(group), practice = practice_id, age = age))
ancova("headache", h)
met <- (h$before - h$after) >= 0.35 * h$before
put("headache rates p", chisq.test(table(h$group, met), correct = FALSE)$p.value)
m <- glm(met ~ before, family = binomial, h)
observed <- tapply(met, h$practice, sum); expected <- tapply(fitted(m), h$practice, sum)
for (practice in names(observed)) put(paste("headache standardised", practice), observed[[practice]] / expected[[practice]] * mean(met))
n <- tapply(met, h$practice, length); theta <- mean(met)
for (practice in names(observed)) {
  low <- pbinom(observed[[practice]], n[[practice]], theta) < .025
  high <- pbinom(observed[[practice]] - 1, n[[practice]], theta, lower.tail = FALSE) < .025
  put(paste("headache outside", practice), high - low)
}
gain <- h$before - h$after
put("headache age spearman", cor.test(h$age, gain, method = "spearman", exact = FALSE)$estimate)
pearson <- cor.test(h$age, gain)
put("headache age pearson", pearson$estimate)
put("headache age pearson low", pearson$conf.int[1]); put("headache age pearson high", pearson$conf.int[2])
put("headache thirds 1", quantile(trial$age, 1 / 3, type = 7)); put("headache thirds 2", quantile(trial$age, 2 / 3, type = 7))

long <- reshape(trial[c("id", "group", "pk1", "pk2", "pk5")], direction = "long", varying = c("pk1", "pk2", "pk5"), v.names = "y", idvar = "id", timevar = "occasion", times = 1:3)
long <- long[!is.na(long$y), ]
long$group <- factor(long$group); long$occasion <- factor(long$occasion)
model <- lme(y ~ occasion * group, random = ~ 1 | id, data = long, method = "REML")
a <- anova(model, type = "marginal")
put("headache mixed interaction F", a["occasion:group", "F-value"])
put("headache mixed interaction p", a["occasion:group", "p-value"])
put("headache mixed occasion3:group1", fixef(model)[["occasion3:group1"]])
put("headache mixed observations", nrow(long))
cat("# R", as.character(getRversion()), "emmeans", as.character(packageVersion("emmeans")), "nlme", as.character(packageVersion("nlme")), "clubSandwich", as.character(packageVersion("clubSandwich")), "\n", file = "tests/golden/compare/compare.csv")
suppressWarnings(write.table(out, "tests/golden/compare/compare.csv", sep = ",", row.names = FALSE, append = TRUE, qmethod = "double"))
