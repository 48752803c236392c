# Rscript tests/golden/registry/make_registry.R: golden numbers of centers and of time to event.
# data.csv: 400 invented patients, made here; expected.csv: name, value with 15 digits.
suppressMessages({library(survival); library(lme4)})
here <- "tests/golden/registry"
set.seed(4711)
n <- 400
center <- sample(1:14, n, TRUE, prob = c(1:13, 0.4))
base <- sample(0:48, n, TRUE); age <- round(rnorm(n, 65, 9)); sex <- sample(0:1, n, TRUE); asa <- sample(1:4, n, TRUE, c(2, 5, 3, .5))
u <- rnorm(14, 0, 2)
gain <- round(25 - 0.45 * base - 0.05 * (age - 65) - asa + u[center] + rnorm(n, 0, 7))
met <- rbinom(n, 1, plogis(1.4 - 0.05 * base + 0.15 * u[center]))
rare <- rbinom(n, 1, plogis(-3.2 + 0.02 * base))
group <- sample(0:1, n, TRUE)
event <- ceiling(rexp(n, ifelse(group == 1, 1 / 1500, 1 / 2600)) ^ 0.95)
death <- ceiling(rexp(n, 1 / 4000)); last <- sample(30:2400, n, TRUE)
time <- pmin(event, death, last)
status <- ifelse(time == event, 1, ifelse(time == death, 2, 0))
many <- rpois(n, time / 1000 * rgamma(n, 1, 1))
d <- data.frame(center, base, age, sex, asa, gain, met, rare, group, time, status, many)
write.csv(d, file.path(here, "data.csv"), row.names = FALSE)
out <- list(); put <- function(name, value) out[[length(out) + 1]] <<- data.frame(name = paste0(name, if (length(value) > 1) paste0(":", seq_along(value)) else ""), value = sprintf("%.15g", value))

fit <- lm(gain ~ base + age + factor(sex) + factor(asa), d)
put("lm.fitted", unname(fitted(fit))); put("lm.sigma", sigma(fit))
glm1 <- glm(met ~ base + age + factor(sex) + factor(asa), binomial, d, control = list(epsilon = 1e-15, maxit = 50))
put("glm.fitted", unname(fitted(glm1)))
means <- tapply(d$gain, d$center, mean); ns <- table(d$center)
within <- sqrt(sum((d$gain - means[d$center])^2) / (n - 14))
z <- (means - mean(d$gain)) / (within / sqrt(ns)); judged <- ns >= 10
put("means.sd", within); put("means.z", as.numeric(z))
over <- function(z, s) { q <- quantile(z, c(.1, .9), type = 7); zw <- pmin(pmax(z, q[1]), q[2]); I <- length(z)
  phi <- mean(zw^2); w <- 1 / s^2; c(phi, sqrt(max(0, (I * phi - (I - 1)) / (sum(w) - sum(w^2) / sum(w))))) }
put("means.spread", over(as.numeric(z[judged]), as.numeric((within / sqrt(ns))[judged])))
m <- lmer(gain ~ 1 + (1 | center), d, REML = TRUE, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5)))
re <- ranef(m, condVar = TRUE)$center
put("lmer.mean", unname(fixef(m))); put("lmer.sd", c(as.data.frame(VarCorr(m))$sdcor))
put("lmer.means", unname(fixef(m)) + re[, 1]); put("lmer.errors", sqrt(attr(re, "postVar")[1, 1, ]))

p <- fitted(glm(rare ~ base, binomial, d, control = list(epsilon = 1e-15, maxit = 50)))
O <- tapply(d$rare, d$center, sum); E <- tapply(p, d$center, sum); v <- tapply(p * (1 - p), d$center, sum)
put("rare.fitted", unname(p)); put("rare.z", as.numeric((O - E) / sqrt(v)))
pb <- function(p) { f <- 1; for (q in p) f <- c(f * (1 - q), 0) + c(0, f * q); f }
tails <- sapply(1:14, function(k) { f <- pb(p[d$center == k]); o <- O[k]; c(sum(f[1:(o + 1)]), sum(f[(o + 1):length(f)])) })
put("rare.below", tails[1, ]); put("rare.above", tails[2, ])
pm <- fitted(glm1); Om <- tapply(d$met, d$center, sum); th <- mean(d$met)
shifted <- sapply(1:14, function(k) { q <- qlogis(pm[d$center == k]); o <- Om[k]; if (o == 0) 0 else if (o == length(q)) 1 else
  plogis(qlogis(th) + uniroot(function(a) sum(plogis(q + a)) - o, c(-30, 30), tol = 1e-15, maxiter = 1e4)$root) })
put("met.shifted", as.numeric(shifted))
put("met.below", pbinom(Om, ns, th)); put("met.above", pbinom(Om - 1, ns, th, lower.tail = FALSE))

at <- c(365.25, 730.5, 1461)
km <- survfit(Surv(time, status == 1) ~ 1, d, conf.type = "log-log"); s <- summary(km, times = at)
put("km.value", 1 - s$surv); put("km.low", 1 - s$upper); put("km.high", 1 - s$lower); put("km.risk", s$n.risk)
aj <- survfit(Surv(time, factor(status)) ~ 1, d, conf.type = "log-log"); a <- summary(aj, times = at)
put("aj.value", a$pstate[, 2]); put("aj.low", a$lower[, 2]); put("aj.high", a$upper[, 2])
sd <- survdiff(Surv(time, status == 1) ~ group, d); put("logrank", c(sd$chisq, pchisq(sd$chisq, 1, lower.tail = FALSE)))
sd <- survdiff(Surv(time, status == 1) ~ asa, d); put("logrank4", c(sd$chisq, pchisq(sd$chisq, 3, lower.tail = FALSE)))
cx <- coxph(Surv(time, status == 1) ~ group, d, ties = "efron", control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50))
put("cox", c(exp(coef(cx)), exp(confint(cx)), summary(cx)$coefficients[5]))
put("zph", cox.zph(cx, transform = "km")$table[1, c(1, 3)])
coarse <- transform(d, time = 100 * ceiling(time / 100))  # many ties
cx <- coxph(Surv(time, status == 1) ~ group, coarse, ties = "efron", control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50))
put("cox.ties", c(exp(coef(cx)), exp(confint(cx)))); put("zph.ties", cox.zph(cx, transform = "km")$table[1, c(1, 3)])
rk <- survfit(Surv(time, status == 0) ~ 1, d, conf.type = "log-log"); put("reverse", unname(quantile(rk, .5)$quantile)); put("reverse.low", unname(quantile(rk, .5)$lower)); put("reverse.high", unname(quantile(rk, .5)$upper))
years <- sum(d$time) / 365.25; pt <- poisson.test(sum(d$status == 1), years / 100); put("rate", c(pt$estimate, pt$conf.int))
pt <- poisson.test(0, years / 100); put("rate0", pt$conf.int)
ti <- d$time / 365.25; r <- sum(d$many) / sum(ti); se <- sqrt(sum((d$many - r * ti)^2)) / sum(d$many)
put("repeated", 100 * r * exp(c(0, -1, 1) * qnorm(.975) * se))

y <- d$met[order(d$time)]; q <- pm[order(d$time)]
path <- function(or) { S <- 0; x <- numeric(n); for (i in 1:n) { f <- 1 - y[i]; pf <- 1 - q[i]; S <- max(0, S + f * log(or) - log(1 - pf + or * pf)); x[i] <- S }; x }
put("vlad", cumsum(y - q)); put("cusum2", path(2)); put("cusum05", path(.5))
write.csv(do.call(rbind, out), file.path(here, "expected.csv"), row.names = FALSE)
writeLines(c(R.version.string, paste("survival", packageVersion("survival")), paste("lme4", packageVersion("lme4"))), file.path(here, "versions.txt"))

# two sides of one patient: rows 1 and 2 of the data are one patient, 3 and 4 the next, …, the last 100 rows single ones
id <- c(rep(1:150, each = 2), 151:250)
out <- list()
km <- survfit(Surv(time, status == 1) ~ 1, d, cluster = id, conf.type = "log-log"); s <- summary(km, times = at)
put("km2.low", 1 - s$upper); put("km2.high", 1 - s$lower)
# survfit 3.5.3 ignores cluster for competing events (its standard errors do not change): the influence of each row from
# its own weight, central differences, added by patient
share <- function(w) summary(survfit(Surv(time, factor(status)) ~ 1, d, weights = w), times = at)$pstate[, 2]
influence <- t(sapply(1:n, function(i) { w <- rep(1, n); w[i] <- 1 + 1e-4; up <- share(w); w[i] <- 1 - 1e-4; (up - share(w)) / 2e-4 }))
put("aj2.error", sqrt(colSums(rowsum(influence, id)^2)))
for (ties in c("", ".ties")) {
  e <- if (ties == "") d else coarse
  cx <- coxph(Surv(time, status == 1) ~ group, e, ties = "efron", cluster = id, control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50))
  put(paste0("cox2", ties), c(exp(coef(cx)), exp(confint(cx))))
  cx <- coxph(Surv(time, status == 1) ~ factor(asa), e, ties = "breslow", cluster = id)
  put(paste0("logrank2", ties), summary(cx)$robscore[1:2])
}
write.csv(do.call(rbind, out), file.path(here, "clustered.csv"), row.names = FALSE)
