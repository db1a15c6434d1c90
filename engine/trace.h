// What a macrostep did and why, for people: `aiguillage scxml run --trace`, « pourquoi ? » on a
// page.
//
//   struct Why : TraceSink {
//     void NotSelected(const Transition& t, Reason r) override { … }
//   } why;
//   Step(chart, snapshot, event, {.trace = &why});
#pragma once

#include <string>

#include "engine/chart.h"

namespace aiguillage::engine {

class TraceSink {
 public:
  // kBehind: its guard was not asked, since another of its state or of a state inside comes first.
  enum class Reason { kGuardFalse, kGuardError, kPreempted, kBehind };

  virtual ~TraceSink() = default;
  virtual void EventTaken(const std::string& /*session*/, const std::string& /*event*/) {}
  virtual void Selected(const Transition& /*transition*/) {}
  // Of the transitions whose event matched only.
  virtual void NotSelected(const Transition& /*transition*/, Reason /*reason*/) {}
  virtual void Entered(const StateNode& /*state*/) {}
  virtual void Exited(const StateNode& /*state*/) {}
  virtual void Raised(const std::string& /*event*/) {}
  virtual void Error(const std::string& /*event*/, const std::string& /*what*/, Position /*at*/) {}
};

}  // namespace aiguillage::engine
