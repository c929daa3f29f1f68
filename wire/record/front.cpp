#include "wire/record/front.hpp"

#include "wire/record/recording.hpp"

namespace lockstorm::wire {
namespace {

// Long enough for a client to have sent it again.
constexpr std::chrono::seconds kLate{3};
constexpr std::chrono::seconds kDelay{1};

class Desk : public std::enable_shared_from_this<Desk> {
 public:
  Desk(Loop& loop, Front front, Handler inner)
      : loop_(loop), front_(std::move(front)), inner_(std::move(inner)) {}

  void take(HttpRequest request, std::shared_ptr<Reply> reply);
  void record(Recorded recorded) {
    if (recorded.answer && front_.model_status)
      recorded.model_status = front_.model_status(recorded.request, *recorded.answer);
    if (front_.write) front_.write(recorded_line(recorded));
  }

 private:
  void do_it(HttpRequest request, std::shared_ptr<Reply> reply, Recorded recorded,
             std::optional<Misfortune> met);

  Loop& loop_;
  Front front_;
  Handler inner_;
};

// Gets the model's answer, and passes on what the misfortune leaves of it.
class Answered final : public Reply {
 public:
  Answered(std::shared_ptr<Desk> desk, std::shared_ptr<Reply> client, Recorded recorded,
           std::optional<Misfortune> met, std::optional<HttpAnswer> instead)
      : desk_(std::move(desk)),
        client_(std::move(client)),
        recorded_(std::move(recorded)),
        met_(met),
        instead_(std::move(instead)) {}

  void answer(const HttpAnswer& answer) override {
    recorded_.has_effect = true;
    if (met_ == Misfortune::lose_response || met_ == Misfortune::late_request) return lose(Drop::close);
    if (met_ == Misfortune::lose_response_reset) return lose(Drop::reset);
    recorded_.answer = instead_ ? *instead_ : answer;
    client_->answer(*recorded_.answer);
    desk_->record(recorded_);
  }
  void drop(Drop how) override { lose(how); }

 private:
  void lose(Drop how) {
    recorded_.fate = how == Drop::close ? Fate::closed : Fate::reset;
    client_->drop(how);
    desk_->record(recorded_);
  }

  std::shared_ptr<Desk> desk_;
  std::shared_ptr<Reply> client_;
  Recorded recorded_;
  std::optional<Misfortune> met_;
  std::optional<HttpAnswer> instead_;
};

void Desk::take(HttpRequest request, std::shared_ptr<Reply> reply) {
  Recorded recorded;
  recorded.number = ++*front_.requests;
  recorded.service = front_.service;
  recorded.actor = front_.actor;
  recorded.request = request;
  if (const auto name = front_.name ? front_.name(request) : std::unexpected(std::string()); name) {
    recorded.operation = name->operation;
    recorded.object = name->object;
    recorded.changes = name->changes;
    if (!name->service.empty()) recorded.service = name->service;
  }
  const std::optional<Misfortune> met = front_.misfortunes ? front_.misfortunes->next() : std::nullopt;
  if (met == Misfortune::lose_request) {
    reply->drop(Drop::close);
    recorded.fate = Fate::closed;
    return record(std::move(recorded));
  }
  if (met == Misfortune::server_error || met == Misfortune::throttle) {
    recorded.answer = front_.refuse(
        request, met == Misfortune::throttle ? sim::Refusal::throttled : sim::Refusal::server_error);
    reply->answer(*recorded.answer);
    return record(std::move(recorded));
  }
  if (met != Misfortune::late_request && met != Misfortune::delay)
    return do_it(std::move(request), std::move(reply), std::move(recorded), met);
  if (met == Misfortune::late_request) reply->drop(Drop::close);
  loop_.after(met == Misfortune::delay ? kDelay : kLate,
              [self = shared_from_this(), request = std::move(request), reply = std::move(reply),
               recorded = std::move(recorded), met]() mutable {
                self->do_it(std::move(request), std::move(reply), std::move(recorded), met);
              });
}

void Desk::do_it(HttpRequest request, std::shared_ptr<Reply> reply, Recorded recorded,
                 std::optional<Misfortune> met) {
  std::optional<HttpAnswer> instead;
  if (met == Misfortune::error_after_effect) instead = front_.refuse(request, sim::Refusal::server_error);
  inner_(std::move(request), std::make_shared<Answered>(shared_from_this(), std::move(reply),
                                                        std::move(recorded), met, std::move(instead)));
}

}  // namespace

void ask_the_model(Front& front, const ModelServer& model) {
  front.service = model.service();
  front.name = [&model](const HttpRequest& request) { return named(model, request); };
  front.refuse = [&model](const HttpRequest& request, sim::Refusal kind) {
    return model.refuse(request, kind);
  };
  front.model_status = [&model](const HttpRequest& request, const HttpAnswer& answer) {
    return model.model_status(request, answer);
  };
}

Handler behind(Loop& loop, Front front, Handler inner) {
  auto desk = std::make_shared<Desk>(loop, std::move(front), std::move(inner));
  return [desk](HttpRequest request, std::shared_ptr<Reply> reply) {
    desk->take(std::move(request), std::move(reply));
  };
}

}  // namespace lockstorm::wire
